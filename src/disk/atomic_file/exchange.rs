//! Replaces a locked file by exchanging two names, so that a change of the old file at the last moment is
//! noticed.

use std::fs;
use std::io;

use super::super::locked_file::{self, LockedFile};
use super::super::{rename, temporary_names};
use super::{Replacement, is_still};

impl Replacement {
    /// Exchanges the names of both files. Whatever had the name at that moment is then checked before it is
    /// deleted, and gets its name back if it is not the locked file.
    pub(super) fn take_place_of(mut self, old: &LockedFile) -> io::Result<()> {
        let lease = old.check_and_lease()?;
        let is_exchanged = match rename::exchange(&self.temporary, &self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(locked_file::changed());
            }
            result => result?,
        };
        if !is_exchanged {
            fs::rename(&self.temporary, &self.path)?;
            self.done = true;
            return Ok(());
        }
        self.done = true;
        if old.may_go(&self.temporary, lease.as_ref()) {
            // The new file has its name already; the next run removes what remains of the old one.
            let _ = fs::remove_file(&self.temporary);
            return Ok(());
        }
        // The lease ends only after this, so that a process that waits for it writes into a file that has its
        // name.
        self.give_back()
    }

    /// Gives the name back to a file that another process put there at the last moment. If yet another file has
    /// appeared, both stay, because neither belongs to this run.
    pub(super) fn give_back(&self) -> io::Result<()> {
        if is_still(&self.file, &self.path) {
            rename::exchange(&self.temporary, &self.path)?;
            if is_still(&self.file, &self.temporary) {
                fs::remove_file(&self.temporary)?;
                return Err(locked_file::changed());
            }
        }
        let aside = temporary_names::name(&self.path, ".other")?;
        rename::to_free_name(&self.temporary, &aside)?;
        Err(locked_file::changed_twice(&aside))
    }
}
