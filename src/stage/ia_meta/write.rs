//! Files that are written only where they differ, so that a second run changes nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::atomic_file;
use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};
use crate::shape::{Diagnostics, RowError};

/// Writes, or only remembers what it would write.
#[derive(Debug, Default)]
pub struct Writes {
    pub dry_run: bool,
    /// What was written, or would be.
    pub changed: Vec<PathBuf>,
}

impl Writes {
    /// Says how much was written, or what would be.
    pub fn tell(&self, notes: &dyn Diagnostics) {
        if !self.dry_run {
            notes.count("files written", self.changed.len() as u64);
        } else {
            let would = |path: &PathBuf| format!("would write '{}'", path.display());
            self.changed.iter().for_each(|path| notes.warn(&would(path)));
        }
    }

    /// Gives a file these bytes.
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

    /// Takes a file away, and its folder when that is empty.
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
                // It stays when there is more in it.
                let _ = path.parent().map(fs::remove_dir);
                Ok(())
            }
        }
    }
}
