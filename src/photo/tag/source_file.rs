//! The file being tagged: locked from reading until the new file has replaced it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::disk::atomic_file::{Overwrite, Replacement};
use crate::disk::attributes;
use crate::disk::file_assembly::{self, Times, Written};
use crate::disk::locked_file::{self, LockedFile};
use crate::disk::positioned_io::Part;
use crate::disk::{Action, AtPath, PathError};
use crate::format::metadata_container::Piece;
use crate::photo::camera::Photo;
use crate::shape::{Diagnostics, RowError};

/// Reported once per run.
const OTHER_NAMES: &str =
    "some files have other names (hard links), which keep the old bytes: name them too to tag them";

/// A photo as it was when it was read.
pub struct Original<'a> {
    /// As the user named it.
    pub path: PathBuf,
    held: LockedFile,
    notes: &'a dyn Diagnostics,
}

impl<'a> Original<'a> {
    /// # Errors
    /// Names the file.
    pub fn open(path: &Path, notes: &'a dyn Diagnostics) -> Result<Original<'a>, RowError> {
        let held = LockedFile::open(path).at_path(Action::Open, path)?;
        Ok(Original { path: path.to_path_buf(), held, notes })
    }

    /// # Errors
    /// Names the file if it cannot be read or is not a picture, or reports that it is being changed.
    pub fn photo(&self) -> Result<Photo<Part>, RowError> {
        Photo::of_held(&self.held, &self.path).map_err(|what| match self.held.check() {
            Ok(()) => what,
            Err(error) => PathError::new(Action::Read, &self.path, error).into(),
        })
    }

    pub fn whole(&self) -> Vec<Piece> {
        file_assembly::whole(&self.held)
    }

    /// Replaces the file with the pieces.
    pub fn replace(&mut self, pieces: &[Piece], backup: Option<&Path>) -> io::Result<()> {
        if self.held.has_other_names() {
            self.notes.once(OTHER_NAMES);
        }
        let written = file_assembly::replace(&mut self.held, pieces, backup, Times::Old)?;
        self.say_lost(&written);
        Ok(())
    }

    /// Writes the pieces to another path, over a file that is there.
    pub fn copy(&self, place: &Path, pieces: &[Piece]) -> io::Result<()> {
        let there = match LockedFile::open(place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            there => Some(there?),
        };
        let (place, over) = match &there {
            Some(there) => (there.path(), Overwrite::LockedFile(there)),
            None => (place, Overwrite::Nothing),
        };
        // A copy belongs to whoever makes it; the attributes of the old file stay with that.
        file_assembly::copy(&self.held, place, over, pieces, false).map(drop)
    }

    fn say_lost(&self, written: &Written) {
        if let Some(words) = attributes::lost_words(&written.lost) {
            self.notes.once(&words);
        }
    }
}

/// What is known of a sidecar before it is written.
pub enum Before<'a> {
    /// Overwrite whatever is there.
    Any,
    /// The content that was read, if there was any.
    Read(Option<&'a [u8]>),
}

/// Writes a sidecar, unless it has changed since it was read.
pub fn write_sidecar(
    name: &Path,
    before: Before,
    packet: &[u8],
    backup: Option<&Path>,
) -> io::Result<()> {
    let mut there = match LockedFile::open(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return create(name, before, packet);
        }
        there => there?,
    };
    if let Before::Read(before) = before {
        let mut bytes = Vec::new();
        there.bytes()?.read_to_end(&mut bytes)?;
        if before != Some(&bytes) {
            return Err(locked_file::changed());
        }
    }
    let pieces = [Piece::Bytes(packet.to_vec())];
    file_assembly::replace(&mut there, &pieces, backup, Times::Now).map(|_| ())
}

fn create(name: &Path, before: Before, packet: &[u8]) -> io::Result<()> {
    if matches!(before, Before::Read(Some(_))) {
        return Err(locked_file::changed());
    }
    let mut new = Replacement::create_in_turn(name)?;
    new.write_all(packet)?;
    match new.finish_over(Overwrite::Nothing, Some(packet.len() as u64), false) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(locked_file::changed()),
        finished => finished,
    }
}
