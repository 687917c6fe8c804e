//! Records the JPEGs that would not get smaller as WebP, so that they are not tried again.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::folder_record;
use crate::format::transcode::How;

const NAME: &str = "jpeg-is-smaller";

/// The records of the folders seen.
pub struct LargerNotes {
    /// The encoder settings used: other settings may do better.
    how: How,
    into: Option<PathBuf>,
    folders: Mutex<HashMap<PathBuf, HashSet<String>>>,
}

impl LargerNotes {
    pub fn new(how: How, into: Option<PathBuf>) -> LargerNotes {
        LargerNotes { how, into, folders: Mutex::default() }
    }

    /// Whether this JPEG, with this length, was tried before.
    pub fn knows(&self, jpeg: &Path, target: &Path, bytes: u64) -> bool {
        let (folder, line) = self.line(jpeg, target, bytes);
        let mut folders = self.folders.lock().unwrap_or_else(|broken| broken.into_inner());
        lines(&mut folders, &folder).contains(&line)
    }

    /// Records a JPEG.
    pub fn add(&self, jpeg: &Path, target: &Path, bytes: u64) -> io::Result<()> {
        let (folder, line) = self.line(jpeg, target, bytes);
        let mut folders = self.folders.lock().unwrap_or_else(|broken| broken.into_inner());
        let is_new = lines(&mut folders, &folder).insert(line.clone());
        if is_new { folder_record::append(&folder, NAME, &line) } else { Ok(()) }
    }

    /// The JPEG is named as if it were beside its WebP.
    fn line(&self, jpeg: &Path, target: &Path, bytes: u64) -> (PathBuf, String) {
        let folder = folder_record::folder(target, self.into.as_deref());
        let beside = target.with_extension(jpeg.extension().unwrap_or_default());
        let name = beside.strip_prefix(&folder).unwrap_or(&beside);
        let line = format!("{}\t{bytes}\t{}", name.to_string_lossy(), self.how);
        (folder, line)
    }
}

fn lines<'a>(
    folders: &'a mut HashMap<PathBuf, HashSet<String>>,
    folder: &Path,
) -> &'a mut HashSet<String> {
    let read = || folder_record::read(folder, NAME).into_iter().collect();
    folders.entry(folder.to_path_buf()).or_insert_with(read)
}
