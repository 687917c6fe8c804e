//! Atomic renames: exchanging two names, and renaming without overwriting.

use std::fs;
use std::io;
use std::path::Path;

/// Exchanges the files of two paths; false if the system or the file system does not support it.
pub fn exchange(a: &Path, b: &Path) -> io::Result<bool> {
    with_flags(a, b, Flags::Exchange)
}

/// Renames a file; the new name must be free.
///
/// # Errors
/// `AlreadyExists`, or another error; then both names are unchanged.
pub fn to_free_name(from: &Path, to: &Path) -> io::Result<()> {
    if with_flags(from, to, Flags::NoReplace)? {
        return Ok(());
    }
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Without hard links too, a check before the rename is the best that is possible.
        Err(_) => match fs::symlink_metadata(to) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(from, to),
        },
    }
}

#[derive(Clone, Copy)]
enum Flags {
    Exchange,
    NoReplace,
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn with_flags(from: &Path, to: &Path, flags: Flags) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    let flags = match flags {
        Flags::Exchange => RenameFlags::EXCHANGE,
        Flags::NoReplace => RenameFlags::NOREPLACE,
    };
    match renameat_with(CWD, from, CWD, to, flags) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn with_flags(_: &Path, _: &Path, _: Flags) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests;
