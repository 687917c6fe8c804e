//! Whether an index is still up to date, from the times and sizes of the folders, rows and tars it was made from.
//! Pictures are not checked, because adding or removing one changes the time of its folder.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::path_encoding;
use crate::disk::walk;

/// The coarsest resolution of file times on some disks: a file changed this recently may change again unnoticed.
pub const SETTLED: Duration = Duration::from_secs(2);

/// The sources that an index is made from.
#[derive(Debug, Default)]
pub struct Sources {
    text: String,
    /// When the check began.
    now: Option<SystemTime>,
}

impl Sources {
    /// Starts with `key`, which identifies the settings that affect an index.
    pub fn new(key: &str) -> Sources {
        Sources { text: format!("{key}\n"), now: Some(SystemTime::now()) }
    }

    /// Adds a file or a folder with its present state. Call it before reading the file.
    pub fn add(&mut self, path: &Path) {
        let stamp = stamp(path);
        let is_settled = |time: SystemTime| {
            self.now.is_none_or(|now| now.duration_since(time).is_ok_and(|age| age > SETTLED))
        };
        // An unsettled file never matches, so the next check rebuilds the index.
        let stamp = match &stamp {
            Some((time, len)) if is_settled(*time) => written(*time, *len),
            Some(_) => "unsettled".to_owned(),
            None => "absent".to_owned(),
        };
        self.text.push_str(&format!("{stamp} {}\n", path_encoding::to_text(path)));
    }

    /// Adds a folder and its subfolders, each once; hidden ones are left out. Returns them with their links resolved.
    pub fn add_folders(&mut self, folder: &Path) -> io::Result<HashSet<PathBuf>> {
        let mut been = HashSet::new();
        let mut waiting = vec![folder.to_path_buf()];
        while let Some(folder) = waiting.pop() {
            if !been.insert(fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone())) {
                continue;
            }
            self.add(&folder);
            let below = walk::entries(&folder)?;
            let below = below.into_iter().filter(|entry| entry.kind == walk::Kind::Folder);
            waiting.extend(below.map(|entry| entry.path));
        }
        Ok(been)
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Whether everything listed in the text is unchanged, and the settings have this key.
pub fn is_fresh(text: &str, key: &str) -> bool {
    let mut lines = text.lines();
    lines.next() == Some(key) && lines.all(is_as_it_was)
}

fn is_as_it_was(line: &str) -> bool {
    let Some((known, path)) = line.split_once(' ') else { return false };
    let path: PathBuf = path_encoding::from_text(path);
    match stamp(&path) {
        Some((time, len)) => known == written(time, len),
        None => known == "absent",
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let meta = fs::metadata(path).ok()?;
    // The size of a folder adds nothing to its time.
    let len = if meta.is_dir() { 0 } else { meta.len() };
    Some((meta.modified().ok()?, len))
}

fn written(time: SystemTime, len: u64) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{len:x}", since.as_nanos())
}

#[cfg(test)]
mod tests;
