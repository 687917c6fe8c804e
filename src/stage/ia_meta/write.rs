//! Writes files only if they differ, so that a second run changes nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::atomic_file;
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::shape::{Diagnostics, RowError};

/// Writes files, or only records what it would write.
#[derive(Debug, Default)]
pub struct Writes {
    pub dry_run: bool,
    /// The files that were written, or would be.
    pub changed: Vec<PathBuf>,
}

impl Writes {
    /// Reports how many files were written, or which would be.
    pub fn tell(&self, notes: &dyn Diagnostics) {
        if !self.dry_run {
            notes.count("files written", self.changed.len() as u64);
        } else {
            let would = |path: &PathBuf| format!("would write '{}'", path.display());
            self.changed.iter().for_each(|path| notes.warn(&would(path)));
        }
    }

    /// Writes the file if its content differs.
    pub fn put(&mut self, path: &Path, bytes: &[u8]) -> Result<(), RowError> {
        if open::read(path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        self.changed.push(path.to_path_buf());
        if self.dry_run {
            Ok(())
        } else {
            Ok(atomic_file::write(path, bytes).at_path(Action::Write, path)?)
        }
    }

    /// Deletes a file, and its folder if that is then empty.
    pub fn remove(&mut self, path: &Path) -> Result<(), RowError> {
        self.changed.push(path.to_path_buf());
        if self.dry_run {
            return Ok(());
        }
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(PathError::new(Action::Remove, path, error).into())
            }
            _ => {
                // A folder that is not empty is kept.
                let _ = path.parent().map(fs::remove_dir);
                Ok(())
            }
        }
    }
}
