//! Deletes the original files of packed pictures once their tar was read back.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::PackTar;
use super::decisions::Decisions;
use super::row_decision::{PackDecision, PackedFile};
use crate::archive;
use crate::archive::packed;
use crate::disk::locked_file::{self, Identity};
use crate::disk::spool::SpoolReader;
use crate::disk::{Action, PathError};
use crate::photo::row_store::RowCursor;
use crate::shape::FatalError;
use crate::value::provenance::Status;

impl PackTar {
    /// Files of these rows, which lie in tars, too: a crash came before they were taken away, or nobody wanted that then.
    /// They go once their tar has been read back.
    pub(super) fn take_away(
        &self,
        rows: &[u32],
        decisions: &mut Decisions,
    ) -> Result<(), FatalError> {
        self.note(rows.iter().copied())?;
        let mut tars: HashMap<PathBuf, Option<String>> = HashMap::new();
        let mut reader = SpoolReader::default();
        for &row in rows {
            let decision = decisions.get(row as usize, &mut reader)?;
            let Some(PackDecision::Twice(twice)) = decision else { continue };
            let PackedFile { place, file, identity } = *twice;
            let fault = tars
                .entry(place.archive.to_path_buf())
                .or_insert_with(|| self.read_back(&place.archive).err().map(|fault| fault.0));
            let decision = match fault {
                None => match take_away(&file, &identity)? {
                    None => PackDecision::At(Status::Kept, place),
                    Some(why) => PackDecision::Failed(why),
                },
                Some(what) => PackDecision::Failed(format!("{what}: --repair mends it")),
            };
            decisions.set(row as usize, &decision)?;
        }
        Ok(())
    }

    /// Before originals are deleted: notes their rows, if the next run would not find them.
    pub(super) fn note(&self, rows: impl Iterator<Item = u32>) -> Result<(), FatalError> {
        let mut rows = rows.peekable();
        let Some(deleted) = self.settings.deleted.as_ref().filter(|_| rows.peek().is_some()) else {
            return Ok(());
        };
        let mut cursor = RowCursor::default();
        let rows = rows.map(|row| cursor.get(&self.rows, row as usize).map_err(NoteError::Fatal));
        deleted.add(rows).map_err(|error| match error {
            NoteError::Fatal(fault) => fault,
            NoteError::List(error) => PathError::new(Action::Write, deleted.path(), error).into(),
        })
    }

    /// Before an original is deleted: syncs the tar to disk, and checks every digest.
    pub(super) fn read_back(&self, tar: &Path) -> Result<(), FatalError> {
        let wrong = |what: archive::Error| {
            FatalError(format!("'{}' did not read back: {what}", tar.display()))
        };
        packed::sync(tar).map_err(|error| wrong(error.into()))?;
        let index = packed::index_of(tar);
        packed::check_all(tar, &index, &self.settings.work).map(drop).map_err(wrong)
    }
}

/// Why rows cannot be noted.
enum NoteError {
    Fatal(FatalError),
    List(io::Error),
}

impl From<io::Error> for NoteError {
    fn from(error: io::Error) -> NoteError {
        NoteError::List(error)
    }
}

/// Deletes a file that is in a tar now, if it is still what was packed; otherwise returns the reason why it is kept.
pub fn take_away(file: &Path, packed: &Identity) -> Result<Option<String>, FatalError> {
    let shown = file.display();
    let stays = || {
        let way_out = "--force packs it too, as another picture";
        Some(format!("'{shown}' was changed after it was packed, and is kept: {way_out}"))
    };
    let wrong = PathError::at(Action::Remove, file);
    let held = match locked_file::LockedFile::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        held => held.map_err(wrong)?,
    };
    if !held.identity().has_same_bytes(packed) {
        return Ok(stays());
    }
    match held.remove() {
        Err(error) if locked_file::is_change(&error) => Ok(stays()),
        removed => Ok(removed.map(|()| None).map_err(wrong)?),
    }
}

#[cfg(test)]
mod tests;
