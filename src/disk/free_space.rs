//! Checks the free space, to stop before the disk is full.

use std::io;
use std::path::{Path, PathBuf};

use super::{Action, AtPath, PathError};

/// Why nothing more may be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Path(#[from] PathError),
    #[error(
        "the disk of '{}' has only {free_mb} MB left: make room, or lower --min-free, and run the \
         same command again",
        dir.display()
    )]
    Full { dir: PathBuf, free_mb: u64 },
}

/// Checks that `wanted` more bytes can be written into a folder, which need not exist yet, with at least
/// `least` bytes left free.
///
/// # Errors
/// The reason, with advice; or a folder that cannot be used.
pub fn check(dir: &Path, wanted: u64, least: u64) -> Result<(), Error> {
    let there = dir.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let free = free_bytes(there).at_path(Action::UseFolder, dir)?;
    match free.filter(|&free| free < least.saturating_add(wanted)) {
        None => Ok(()),
        Some(free) => Err(Error::Full { dir: dir.to_path_buf(), free_mb: free / 1_000_000 }),
    }
}

/// Free bytes, where the system reports them.
#[cfg(unix)]
pub fn free_bytes(dir: &Path) -> io::Result<Option<u64>> {
    let disk = rustix::fs::statvfs(dir)?;
    Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

#[cfg(not(unix))]
pub fn free_bytes(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}
