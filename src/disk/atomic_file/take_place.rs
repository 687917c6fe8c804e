//! A new file takes the place of a locked one: both trade names, so that what came in the last moment is seen.

use std::fs;
use std::io;

use super::super::locked_file::{self, LockedFile};
use super::super::{rename, temporary_names};
use super::{Replacement, is_still};

impl Replacement {
    /// Both files trade names; so what had the name in that very moment is
    /// seen before it goes, and gets it back if it is not what was held.
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
            // The new file has its name already; what stays here the next run takes away.
            let _ = fs::remove_file(&self.temporary);
            return Ok(());
        }
        // Only then the lease ends, and who waits for it writes into a file that has its name.
        self.give_back()
    }

    /// What somebody put there in the last moment gets its name back. Should
    /// yet another file have come, both stay: neither is ours to remove.
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
