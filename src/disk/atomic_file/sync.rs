//! Waits until the disk has it.

use std::io;
use std::path::Path;

use crate::disk::open;

/// Waits until the names in a folder are on disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and need not be.
    if cfg!(unix) { open::folder(folder)?.sync_all() } else { Ok(()) }
}

/// Waits until all that was written to the disk of a folder is there: one call where each file by itself would cost one.
/// Only Linux can; elsewhere nothing is waited for.
#[cfg(target_os = "linux")]
pub fn sync_disk_of(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(open::folder(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
pub fn sync_disk_of(_: &Path) -> io::Result<()> {
    Ok(())
}
