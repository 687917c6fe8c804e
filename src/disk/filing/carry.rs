//! One file to its place and back: never a moment in which it is nowhere.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::disk::{place, replace, rewrite};
use crate::format::container::Piece;

use super::list::{Entry, How};

/// Brings the file to its place. One that is moved to another disk is copied; the original stays until [`settle`].
pub fn put(entry: &Entry, to: &Path) -> io::Result<()> {
    // A crash may leave a copy whose bytes never reached the disk: the original, if it is there, is right.
    if is_there(to) && (!is_there(&entry.from) || same(&entry.from, to)?) {
        return Ok(());
    }
    match entry.how {
        How::Move => rename_or_copy(&entry.from, to),
        How::Copy => copy(&entry.from, to),
        How::Link => fs::hard_link(&entry.from, to),
    }
}

/// The original of a file that was moved by copying goes. The copy and its name must be on disk.
pub fn settle(entry: &Entry, to: &Path) -> io::Result<()> {
    match entry.how == How::Move && is_there(&entry.from) {
        true if same(&entry.from, to)? => fs::remove_file(&entry.from),
        true => Err(io::Error::from(io::ErrorKind::AlreadyExists)),
        false => Ok(()),
    }
}

/// Brings the file back from `at` to where it was.
pub fn take_back(entry: &Entry, at: &Path) -> Result<(), String> {
    let from = &entry.from;
    let text = |error: io::Error| error.to_string();
    match (entry.how, is_there(from)) {
        (How::Move, false) => {
            from.parent().map_or(Ok(()), fs::create_dir_all).map_err(text)?;
            rename_or_copy(at, from).map_err(text)?;
        }
        (_, false) => return Err(format!("'{}' is gone", from.display())),
        (how, true) => match same(from, at).map_err(text)? {
            false => return Err(format!("'{}' is another file", from.display())),
            // A copy that an undo made before it was stopped.
            true if how == How::Move => on_disk(from).map_err(text)?,
            true => {}
        },
    }
    if is_there(at) { fs::remove_file(at).map_err(text) } else { Ok(()) }
}

/// Whether there is a file, were it a link that leads nowhere.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// To another disk the file is copied, and is on that disk when this returns.
fn rename_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            copy(from, to).and_then(|()| on_disk(to))
        }
        moved => moved,
    }
}

/// Waits until a file and its name are on disk.
fn on_disk(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    path.parent().map_or(Ok(()), replace::sync_folder)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let len = fs::metadata(from)?.len();
    rewrite::write(from, to, &[Piece::Original(0..len)], None).map(|_| ())
}

fn same(a: &Path, b: &Path) -> io::Result<bool> {
    Ok(place::digest_of_file(a)? == place::digest_of_file(b)?)
}
