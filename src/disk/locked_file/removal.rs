//! Takes a locked file away: its name goes first, and what came in the last moment gets it back.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::open;

use super::super::concurrent_change::{changed, changed_twice};
use super::super::file_lease::Lease;
use super::super::lock::{self, Lock};
use super::super::{rename, temporary_names};
use super::LockedFile;
use super::identity::Identity;

impl LockedFile {
    /// Whether what has lost its name may go: it is this file, unchanged, and nobody came to write it.
    pub(in crate::disk) fn may_go(&self, aside: &Path, lease: Option<&Lease>) -> bool {
        let there = fs::symlink_metadata(aside);
        there.is_ok_and(|there| Identity::new(&there).has_same_bytes(&self.identity))
            && !lease.is_some_and(Lease::is_wanted)
    }

    /// Takes the file away. Its name goes first, so that what somebody put there in the last moment
    /// can be told, and gets its name back. Of a file that was named by a symbolic link, the link goes.
    ///
    /// # Errors
    /// It was changed, and stays; or it cannot be removed.
    pub fn remove(self) -> io::Result<()> {
        let lease = self.check_and_lease()?;
        if fs::symlink_metadata(&self.named)?.is_symlink() {
            return fs::remove_file(&self.named);
        }
        let aside = aside_name(&self.path)?;
        match rename::to_free_name(&self.path, &aside) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(left(&aside)),
            // A disk that is too full for another name.
            Err(_) => return fs::remove_file(&self.path),
        }
        if self.may_go(&aside, lease.as_ref()) {
            return fs::remove_file(&aside);
        }
        rename::to_free_name(&aside, &self.path).map_err(|_| changed_twice(&aside))?;
        Err(changed())
    }
}

/// Gives a file its name back that a kill left aside while it was being removed: whoever removes it
/// has to prove anew that it may go. False when there is none, or another thread or process is
/// removing it just now.
///
/// # Errors
/// It is there and cannot get its name.
pub fn give_back(path: &Path) -> io::Result<bool> {
    match aside_name(path).ok().filter(|aside| aside.is_file()) {
        Some(aside) if fs::symlink_metadata(path).is_err() => {
            let Ok(file) = open::file(&aside) else { return Ok(false) };
            if lock::try_lock(&file) == Lock::Busy || !is_at(&file, &aside) {
                return Ok(false);
            }
            rename::to_free_name(&aside, path).map(|()| true)
        }
        _ => Ok(false),
    }
}

fn left(aside: &Path) -> io::Error {
    let words = "is there, which a crash has left: look at it and remove it";
    io::Error::other(format!("'{}' {words}", aside.display()))
}

fn is_at(file: &File, path: &Path) -> bool {
    let (open, named) = (file.metadata(), fs::symlink_metadata(path));
    open.ok()
        .zip(named.ok())
        .is_some_and(|(open, named)| Identity::new(&open).is_same_file(&Identity::new(&named)))
}

pub(super) fn aside_name(path: &Path) -> io::Result<PathBuf> {
    temporary_names::name(path, ".removed")
}
