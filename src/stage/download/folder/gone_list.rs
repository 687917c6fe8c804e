//! The ids of pictures that the service no longer has, and that need not be tried again.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::disk::{NOTES, open};
use crate::query::known::KnownIds;

use super::{lock, read_note};

/// A list on disk, one id per line.
pub struct GoneList {
    path: PathBuf,
    ids: Mutex<KnownIds>,
}

impl GoneList {
    /// The list of a folder, which need not exist yet.
    pub fn open(dir: &Path) -> io::Result<GoneList> {
        let path = dir.join(NOTES).join("gone");
        let mut ids = KnownIds::default();
        let text = read_note(&path)?.unwrap_or_default();
        text.lines().for_each(|id| _ = ids.insert(id.trim()));
        Ok(GoneList { path, ids: Mutex::new(ids) })
    }

    pub fn has(&self, id: &str) -> bool {
        lock(&self.ids).has(id)
    }

    /// Adds an id, in memory and on disk.
    pub fn add(&self, id: &str) -> io::Result<()> {
        let mut ids = lock(&self.ids);
        if ids.has(id) {
            return Ok(());
        }
        self.path.parent().map_or(Ok(()), fs::create_dir_all)?;
        open::append(&self.path)?.write_all(format!("{id}\n").as_bytes())?;
        ids.insert(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
