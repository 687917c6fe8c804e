//! Undoes a filing.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use crate::disk::{Action, AtPath};

use super::super::atomic_file;
use super::error::Error;
use super::journal::Entry;
use super::move_file::{self, is_there};
use super::{Filing, go_on};

impl Filing {
    /// The number of files that [`Filing::undo`] would move back.
    pub fn there(&self) -> usize {
        self.entries.iter().filter(|entry| self.whereabouts(entry).is_some()).count()
    }

    fn whereabouts(&self, entry: &Entry) -> Option<PathBuf> {
        let part = self.part(&entry.folder).join(&entry.name);
        [self.place(entry), part].into_iter().find(|at| is_there(at))
    }

    /// Moves everything back, then deletes the journal; returns the files that could not be moved, with the reason.
    ///
    /// # Errors
    /// The journal or a folder cannot be changed.
    pub fn undo(self, stop: &AtomicBool) -> Result<(u64, Vec<String>), Error> {
        let (mut done, mut left) = (0, Vec::new());
        for entry in self.entries.iter().rev() {
            go_on(stop)?;
            // A killed run may have left a partial copy.
            let _ = atomic_file::remove_leftover(&self.part(&entry.folder).join(&entry.name));
            let Some(at) = self.whereabouts(entry) else { continue };
            match move_file::take_back(entry, &at) {
                Ok(()) => done += 1,
                Err(what) => left.push(format!("'{}' is not moved: {what}", at.display())),
            }
        }
        for entry in &self.entries {
            // Only an empty folder is removed.
            let _ = fs::remove_dir(self.dir.join(&entry.folder));
            let _ = fs::remove_dir(self.part(&entry.folder));
        }
        if left.is_empty() {
            self.remove_list()?;
        }
        Ok((done, left))
    }

    fn remove_list(&self) -> Result<(), Error> {
        let list = &self.list;
        // A killed run may have left a partial journal, from before anything was moved.
        let had_half = atomic_file::remove_leftover(list).unwrap_or(false);
        if is_there(list) {
            fs::remove_file(list).at_path(Action::Use, list)?;
        } else if !had_half {
            return Err(Error::NoList(list.clone()));
        }
        let _ = fs::remove_dir(&self.dir);
        Ok(())
    }
}
