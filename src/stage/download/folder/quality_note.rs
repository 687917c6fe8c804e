//! The quality of a folder's pictures, if no path states it: from the folder's note, otherwise from the folder's own
//! name.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::disk::atomic_file::{Overwrite, Replacement};
use crate::disk::{Action, NOTES, PathError};
use crate::shape::FatalError;
use crate::value;
use crate::value::collection::Collection;
use crate::value::quality::Quality;

use super::{lock, read_note};

/// One quality, set once, by whichever run comes first.
pub struct QualityNote {
    path: PathBuf,
    known: Mutex<Known>,
}

/// The current state of the quality.
#[derive(Debug, Clone, Copy)]
struct Known {
    quality: Option<Quality>,
    /// Whether it is in the note.
    is_noted: bool,
}

impl QualityNote {
    /// # Errors
    /// If the note cannot be read, or is not a quality.
    pub fn open(dir: &Path) -> Result<QualityNote, FatalError> {
        let path = dir.join(NOTES).join("quality");
        let text = read_note(&path).map_err(PathError::at(Action::UseFolder, dir))?;
        let noted: Option<Quality> = text
            .map(|text| text.trim().parse())
            .transpose()
            .map_err(|what: value::Error| FatalError(format!("'{}': {what}", path.display())))?;
        let quality = noted.or_else(|| quality_of_collection(dir));
        let known = Mutex::new(Known { quality, is_noted: noted.is_some() });
        Ok(QualityNote { path, known })
    }

    pub fn get(&self) -> Option<Quality> {
        lock(&self.known).quality
    }

    /// Sets the quality and writes the note, unless it is already set; returns the quality.
    pub fn decide(&self, quality: Quality) -> io::Result<Option<Quality>> {
        let mut known = lock(&self.known);
        if !known.is_noted {
            known.quality = Some(self.note(known.quality.unwrap_or(quality))?);
            known.is_noted = true;
        }
        Ok(known.quality)
    }

    /// Writes the note, unless another run has written one in the meantime; returns the quality in the note.
    fn note(&self, quality: Quality) -> io::Result<Quality> {
        let mut note = Replacement::create_in_turn(&self.path)?;
        note.write_all(quality.word().as_bytes())?;
        match note.finish_over(Overwrite::Nothing, None, false) {
            Ok(()) => Ok(quality),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let there = read_note(&self.path)?.unwrap_or_default();
                there.trim().parse().map_err(io::Error::other)
            }
            Err(error) => Err(error),
        }
    }
}

/// The quality in the name of a collection's folder.
fn quality_of_collection(dir: &Path) -> Option<Quality> {
    let dir = std::path::absolute(dir).ok()?;
    let name: Collection = dir.file_name()?.to_str()?.parse().ok()?;
    Some(name.quality)
}

#[cfg(test)]
mod tests;
