//! How much room a disk has left, and a stop before it is full.

use std::io;
use std::path::Path;

/// Says why `wanted` bytes more are not to be written into a folder, which need
/// not be there yet: less than `least` would be left.
///
/// # Errors
/// The reason, with the way out; or a folder that cannot be used.
pub fn check(dir: &Path, wanted: u64, least: u64) -> Result<(), String> {
    let there = dir.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let free = free_bytes(there);
    let free = free.map_err(|error| format!("cannot use folder '{}': {error}", dir.display()))?;
    match free.filter(|&free| free < least.saturating_add(wanted)) {
        None => Ok(()),
        Some(free) => Err(format!(
            "the disk of '{}' has only {} MB left: make room, or lower --min-free, and run the \
             same command again",
            dir.display(),
            free / 1_000_000
        )),
    }
}

/// Bytes that are free, where the system tells.
#[cfg(unix)]
fn free_bytes(dir: &Path) -> io::Result<Option<u64>> {
    let disk = rustix::fs::statvfs(dir)?;
    Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
}
