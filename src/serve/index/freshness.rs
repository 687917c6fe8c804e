//! Whether an index still tells what lies in the archive: the times and sizes of folders, rows and tars that it was made
//! from. A picture that comes or goes changes the time of its folder, so that no picture is looked at.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::path_encoding;
use crate::disk::walk;

/// Times of files are no finer than this on some disks: what has changed so lately may change again unseen.
pub const SETTLED: Duration = Duration::from_secs(2);

/// What an index is made from.
#[derive(Debug, Default)]
pub struct Sources {
    text: String,
    /// When looking began.
    now: Option<SystemTime>,
}

impl Sources {
    /// Begins with `key`, which stands for the settings that shape an index.
    pub fn new(key: &str) -> Sources {
        Sources { text: format!("{key}\n"), now: Some(SystemTime::now()) }
    }

    /// Adds a file or a folder as it is now. To be called before it is read.
    pub fn add(&mut self, path: &Path) {
        let stamp = stamp(path);
        let is_settled = |time: SystemTime| {
            self.now.is_none_or(|now| now.duration_since(time).is_ok_and(|age| age > SETTLED))
        };
        // What is not settled never matches, so the next look makes the index anew.
        let stamp = match &stamp {
            Some((time, len)) if is_settled(*time) => written(*time, *len),
            Some(_) => "unsettled".to_owned(),
            None => "absent".to_owned(),
        };
        self.text.push_str(&format!("{stamp} {}\n", path_encoding::to_text(path)));
    }

    /// Adds a folder and those below it, each once; hidden ones are left out.
    pub fn add_folders(&mut self, folder: &Path) -> io::Result<()> {
        let mut been = std::collections::HashSet::new();
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
        Ok(())
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Whether all that the text names is as it was, for settings of this key.
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
    // The size of a folder says nothing that its time does not.
    let len = if meta.is_dir() { 0 } else { meta.len() };
    Some((meta.modified().ok()?, len))
}

fn written(time: SystemTime, len: u64) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{len:x}", since.as_nanos())
}

#[cfg(test)]
mod tests;
