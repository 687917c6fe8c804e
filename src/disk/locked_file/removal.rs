//! Removes a locked file: it is renamed away first, and restored if it changed at the last moment.

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
    /// Whether the renamed file may be deleted: it is this file, unchanged, and no process has opened it for
    /// writing.
    pub(in crate::disk) fn may_go(&self, aside: &Path, lease: Option<&Lease>) -> bool {
        let there = fs::symlink_metadata(aside);
        there.is_ok_and(|there| Identity::new(&there).has_same_bytes(&self.identity))
            && !lease.is_some_and(Lease::is_wanted)
    }

    /// Deletes the file. It is renamed first, so that a file put there at the last moment is noticed and
    /// restored. If the file was named through a symbolic link, the link is deleted.
    ///
    /// # Errors
    /// The file was changed, and stays; or it cannot be removed.
    pub fn remove(self) -> io::Result<()> {
        let lease = self.check_and_lease()?;
        if fs::symlink_metadata(&self.named)?.is_symlink() {
            return fs::remove_file(&self.named);
        }
        let aside = aside_name(&self.path)?;
        match rename::to_free_name(&self.path, &aside) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(left(&aside)),
            // The disk is too full for another name.
            Err(_) => return fs::remove_file(&self.path),
        }
        if self.may_go(&aside, lease.as_ref()) {
            return fs::remove_file(&aside);
        }
        rename::to_free_name(&aside, &self.path).map_err(|_| changed_twice(&aside))?;
        Err(changed())
    }
}

/// Restores the name of a file that a killed run had renamed in order to remove it: the next removal must check
/// again whether it may be deleted. False if there is none, or if another thread or process is removing it now.
///
/// # Errors
/// The file exists and cannot be renamed.
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
