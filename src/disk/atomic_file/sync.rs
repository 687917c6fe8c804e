//! Waits until file data and names are on disk.

use std::io;
use std::path::Path;

use crate::disk::open;

/// Waits until the names in a folder are on disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // On other systems a folder cannot be opened as a file, and this is not needed.
    if cfg!(unix) { open::folder(folder)?.sync_all() } else { Ok(()) }
}

/// Waits until everything written to the disk of a folder is on it: one call instead of one for each file.
/// Linux only; on other systems it does nothing.
#[cfg(target_os = "linux")]
pub fn sync_disk_of(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(open::folder(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
pub fn sync_disk_of(_: &Path) -> io::Result<()> {
    Ok(())
}
