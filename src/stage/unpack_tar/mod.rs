//! unpack-tar: the files of tars, and their rows, as they were before packing.
//!
//! Links are not made: a hard link becomes a file of its own, a symbolic link
//! is left out. So nothing that a tar says leads out of the folder.

mod from_stream;
mod source;
mod store;
mod versions;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use store::{New, is_same, store};

use crate::archive::locate::{Found, Held, Locator, Packed};
use crate::archive::packed::is_picture;
use crate::disk::free_space;
use crate::disk::{Action, PathError};
use crate::format::tar::{self, Modified};
use crate::photo::stated::check_member;
use crate::photo::taken::taken_ms;
use crate::photo::tar_members::{self, Fault};
use crate::row::{Field, Row};
use crate::shape::{Batch, Diagnostics, Error, FatalError, InputHeader, Outcome, RowError, Shape};
use crate::value::provenance::Status;

/// What unpack-tar is asked to do.
#[derive(Debug, Clone)]
pub struct UnpackOptions {
    pub into: PathBuf,
    pub force: bool,
    pub dry_run: bool,
    pub min_free_bytes: u64,
    /// That the disk is full, once that was found in a stream.
    pub full: Arc<OnceLock<FatalError>>,
}

impl UnpackOptions {
    /// # Errors
    /// There is no room for a file of this size.
    fn check_room(&self, bytes: u64) -> Result<(), FatalError> {
        free_space::check(&self.into, bytes, self.min_free_bytes).map_err(FatalError::new)
    }
}

/// See the module's text.
pub struct UnpackTar {
    settings: UnpackOptions,
    locator: Locator,
}

impl UnpackTar {
    /// `tmp_dir` is the folder of the temporary file with what is in tars.
    pub fn new(settings: UnpackOptions, tmp_dir: &Path) -> UnpackTar {
        // A photo that was cut before it was packed is damaged, and what the tar has of it is as it was: the digest decides.
        UnpackTar { settings, locator: Locator::of(tmp_dir, Held::All) }
    }

    fn unpack(&self, row: &mut Row) -> Result<Status, Error> {
        if let Some(fault) = tar_members::fault_of(row) {
            let full = self.settings.full.get().cloned();
            return Err(full.map_or_else(|| Error::Row(fault.text().to_string()), Error::Run));
        }
        let status = match tar_members::taken(row) {
            Some(status) => status,
            None => match self.locator.find_or_say(row).map_err(RowError::from)? {
                Found::Packed(packed) => self.take_out(&packed, row)?,
                Found::File(_) => return Ok(Status::Kept),
            },
        };
        let member = row.get(Field::Member).unwrap_or_default();
        let path = self.path_of(member)?;
        row.set(Field::Path, path.to_str().ok_or(RowError::from("a path that is not UTF-8"))?);
        Ok(status)
    }

    /// The name comes from a file that anyone may have made.
    fn path_of(&self, member: &str) -> Result<PathBuf, RowError> {
        Ok(self.settings.into.join(&*tar::relative(member)?))
    }

    fn take_out(&self, packed: &Packed, row: &mut Row) -> Result<Status, Error> {
        if !self.settings.force {
            check_member(row, packed)?;
        }
        packed.tell_bytes(row);
        row.set(Field::Member, &packed.member);
        let path = self.path_of(&packed.member)?;
        let open = || {
            let wrong = |error| PathError::new(Action::Open, &packed.archive, error);
            packed.open().map_err(wrong).map_err(RowError::from)
        };
        if path.symlink_metadata().is_ok() && !self.settings.force {
            return if is_same(&path, packed.bytes, packed.sha256, open()?) {
                Ok(Status::Kept)
            } else {
                Err(Error::Row(another(&path)))
            };
        }
        if self.settings.dry_run {
            return Ok(Status::Planned);
        }
        let modified =
            match taken_ms(row).map_err(RowError::from)?.and_then(|ms| u64::try_from(ms).ok()) {
                Some(ms) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(ms)),
                None => packed.modified.and_then(Modified::system_time),
            };
        let Packed { bytes, sha256, .. } = *packed;
        self.settings.check_room(bytes)?;
        let replaces = self.settings.force;
        let stored = store(&mut open()?, New { path: &path, bytes, modified, sha256, replaces });
        Ok(stored.map_err(RowError::from)?)
    }

    /// Of files that are no pictures there is no row; how many is counted.
    fn outcome(&self, mut row: Row, notes: &dyn Diagnostics) -> Result<Outcome, FatalError> {
        let is_own = row.line == 0;
        Ok(match self.unpack(&mut row) {
            Err(what) => what.fail(row)?,
            Ok(_) if row.get(Field::Member).is_some_and(|name| is_other(name, &row, is_own)) => {
                notes.count("other files", 1);
                Outcome::Rows(Vec::new())
            }
            Ok(status) => {
                row.set(Field::Status, status.word());
                [Field::Archive, Field::Member].into_iter().for_each(|field| row.clear(field));
                Outcome::Rows(vec![row])
            }
        })
    }
}

impl Batch for UnpackTar {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape {
            needs: vec![vec![Field::Archive, Field::Path]],
            sets: [Field::Path, Field::Status].map(Into::into).to_vec(),
            drops: vec![Field::Archive, Field::Member],
            ..Shape::default()
        }
    }

    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError> {
        if let Some(Fault::Run(fault)) = rows.iter().find_map(tar_members::fault_of) {
            return Err(FatalError(fault.to_string()));
        }
        rows.into_iter().map(|row| self.outcome(row, notes)).collect()
    }
}

/// A sidecar, say. Who names a file in a row of his own gets it back.
fn is_other(name: &str, row: &Row, is_own: bool) -> bool {
    name.ends_with(".json") || is_own && !is_picture(name, row)
}

fn another(path: &Path) -> String {
    format!("'{}' is another file (--force replaces it)", path.display())
}
