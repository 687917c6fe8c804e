//! Deletes abandoned uploads.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How long uploads are kept. Clients remember handles for two days (mapillary_tools).
const KEPT: Duration = Duration::from_secs(4 * 24 * 3600);

/// Deletes old uploads, and all folders: they were left by a killed run, since this one has not built any yet.
pub fn sweep(staging: &Path) -> io::Result<()> {
    let now = SystemTime::now();
    for entry in fs::read_dir(staging)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != "salt"
            && now.duration_since(meta.modified()?).is_ok_and(|age| age > KEPT)
        {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
