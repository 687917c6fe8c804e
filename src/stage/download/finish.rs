//! Puts a downloaded picture in place: with its sidecar, the quality of its folder, and its row.

use std::io;
use std::path::Path;

use super::fetch::Try;
use super::part::PartFile;
use super::present::{set_picture, write_sidecar};
use super::{Job, mixed};
use crate::disk::{Action, PathError};
use crate::query::service_errors;
use crate::row::{Field, Row};
use crate::service::{self, Error};
use crate::shape::{FatalError, Outcome};
use crate::value::provenance::Status;
use crate::value::quality::Quality;

impl Job {
    /// All that belongs to the picture is written before the picture gets its name.
    pub(super) fn finish(
        &self,
        mut row: Row,
        part: PartFile,
        (wanted, quality): (Quality, Quality),
        bytes: u64,
    ) -> Result<Try, FatalError> {
        let path = part.path().to_path_buf();
        let captured_ms = row.instant_ms(Field::CapturedAt).ok().flatten();
        set_picture(&mut row, &path, quality, bytes);
        if self.settings.sidecar
            && let Err(what) = write_sidecar(&row, &path)
        {
            return Ok(Try::Outcome(Outcome::failed(row, what)));
        }
        let decided = if self.settings.layout.names_quality() {
            Ok(None)
        } else {
            self.folder.decide_quality(wanted)
        };
        if let Ok(Some(there)) = decided
            && !self.settings.may_mix(there, wanted)
        {
            return Ok(Try::Outcome(Outcome::Failed(row, mixed(&self.settings, there, wanted))));
        }
        let finished = decided.and_then(|_| part.finish(captured_ms, self.settings.sync));
        match finished.and_then(|digest| self.folder.mended(&path).map(|()| digest)) {
            Ok(digest) => {
                self.folder.touch(&path);
                digest.iter().for_each(|digest| row.set_display(Field::Sha256, digest));
                row.set(Field::Status, Status::Done.word());
                Ok(Try::Done(row, bytes))
            }
            Err(error) => {
                let error = PathError::new(Action::Write, &path, error);
                self.unwritten(row, error.error.kind(), error.to_string())
            }
        }
    }

    pub(super) fn failed(&self, row: Row, error: Error, path: &Path) -> Result<Try, FatalError> {
        match error.kind {
            service::ErrorKind::Write(kind) => {
                let what = format!("'{}': {}", path.display(), error.message);
                self.unwritten(row, kind, what)
            }
            _ => service_errors::failed(row, error).map(Try::Outcome),
        }
    }

    /// A disk that accepts no more data ends the run; other errors concern this file only.
    pub(super) fn unwritten(
        &self,
        row: Row,
        kind: io::ErrorKind,
        what: String,
    ) -> Result<Try, FatalError> {
        use io::ErrorKind::*;
        match kind {
            StorageFull | QuotaExceeded | ReadOnlyFilesystem => {
                Err(FatalError(format!("{what}: make room and run the same command again")))
            }
            AlreadyExists => Ok(Try::Beaten(row, what)),
            _ => Ok(Try::Outcome(Outcome::failed(row, what))),
        }
    }
}
