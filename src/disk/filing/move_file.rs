//! Moves one file to its target and back. At every moment the file exists under some name.

use std::fs::{self};
use std::io;
use std::path::Path;

use crate::disk::atomic_file::Overwrite;
use crate::disk::locked_file::{self, LockedFile};
use crate::disk::open;
use crate::disk::{atomic_file, file_assembly, positioned_io};

use super::NotTakenBack;
use super::journal::{Entry, How};

/// Moves the file to its target. A move to another disk is a copy; the original stays until [`settle`].
pub fn put(entry: &Entry, to: &Path) -> io::Result<()> {
    if entry.how == How::Move {
        locked_file::give_back(&entry.from)?;
    }
    // A crash may leave a copy whose bytes never reached the disk: if the original exists, it is the right one.
    if is_there(to) && (!is_there(&entry.from) || same(&entry.from, to)?) {
        return Ok(());
    }
    match entry.how {
        How::Move => rename_or_copy(&entry.from, to),
        How::Copy => copy(&LockedFile::open(&entry.from)?, to),
        How::Link => fs::hard_link(&entry.from, to),
    }
}

/// Deletes the original of a file that was moved by copying. The copy and its name must be on disk.
pub fn settle(entry: &Entry, to: &Path) -> io::Result<()> {
    if entry.how != How::Move || !is_there(&entry.from) {
        return Ok(());
    }
    if take_away(&entry.from, to)? {
        Ok(())
    } else {
        Err(io::Error::other("it was changed after it was copied, so it is not deleted"))
    }
}

/// Moves the file back from `at` to its old path.
pub fn take_back(entry: &Entry, at: &Path) -> Result<(), NotTakenBack> {
    let from = &entry.from;
    // An interrupted undo may have renamed it in order to remove it.
    if !is_there(at) {
        locked_file::give_back(at)?;
    }
    match (entry.how, is_there(from)) {
        (How::Move, false) => {
            from.parent().map_or(Ok(()), fs::create_dir_all)?;
            rename_or_copy(at, from)?;
        }
        (_, false) => return Err(NotTakenBack::Gone(from.clone())),
        // An interrupted undo has already made this copy.
        (How::Move, true) => on_disk(from)?,
        (_, true) => {}
    }
    if is_there(at) && !take_away(at, from)? {
        Err(NotTakenBack::OtherFile(from.clone()))
    } else {
        Ok(())
    }
}

/// Deletes a file if it has the same bytes as another one; returns whether it was deleted.
fn take_away(path: &Path, twin: &Path) -> io::Result<bool> {
    let held = LockedFile::open(path)?;
    let is_same = (held.identity().len(), held.digest()?) == positioned_io::digest_of_file(twin)?;
    if is_same {
        held.remove()?;
    }
    Ok(is_same)
}

/// Whether the path exists, even as a broken link.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Renames, or copies to another disk; the copy is on that disk when this returns. Waits while another process
/// writes the file.
fn rename_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    let held = LockedFile::open(from)?;
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            copy(&held, to).and_then(|()| on_disk(to))
        }
        moved => moved,
    }
}

/// Waits until a file and its name are on disk.
fn on_disk(path: &Path) -> io::Result<()> {
    open::file(path)?.sync_all()?;
    path.parent().map_or(Ok(()), atomic_file::sync_folder)
}

fn copy(from: &LockedFile, to: &Path) -> io::Result<()> {
    file_assembly::copy(from, to, Overwrite::Anything, &file_assembly::whole(from), false)
        .map(|_| ())
}

fn same(a: &Path, b: &Path) -> io::Result<bool> {
    Ok(positioned_io::digest_of_file(a)? == positioned_io::digest_of_file(b)?)
}
