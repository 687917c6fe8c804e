//! Waits until data and names are on disk.

use std::io;
use std::path::Path;

use crate::disk::open;

/// Waits until the names in a folder are on disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and need not be.
    if cfg!(unix) { open::folder(folder)?.sync_all() } else { Ok(()) }
}

/// Waits until everything written to the disk of a folder is there: one call instead of one for each file. Linux only;
/// elsewhere it does not wait.
#[cfg(target_os = "linux")]
pub fn sync_disk_of(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(open::folder(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
pub fn sync_disk_of(_: &Path) -> io::Result<()> {
    Ok(())
}
