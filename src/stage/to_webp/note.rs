//! Which JPEG a WebP would not make smaller: remembered in the notes of the
//! folder, so that it is not tried again.

use std::collections::{HashMap, HashSet};
use std::fs::{self};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::disk::NOTES;
use crate::disk::open;
use crate::format::transcode::How;

/// In the notes of the folder of the pictures, or of the nearest above that has notes.
const NAME: &str = "jpeg-is-smaller";

/// The notes of the folders seen.
pub struct Larger {
    /// How it was tried: other settings may do better.
    how: String,
    folders: Mutex<HashMap<PathBuf, HashSet<String>>>,
}

impl Larger {
    pub fn of(how: How) -> Larger {
        let How { quality, method, lossless } = how;
        let kind = if lossless { "lossless" } else { "lossy" };
        Larger { how: format!("{kind} {quality} {method}"), folders: Mutex::default() }
    }

    /// Whether this JPEG, of this length, was tried before.
    pub fn knows(&self, path: &Path, bytes: u64) -> bool {
        let folder = folder_of(path);
        let line = self.line(&folder, path, bytes);
        let mut folders = self.folders.lock().unwrap_or_else(|broken| broken.into_inner());
        folders.entry(folder.clone()).or_insert_with(|| read(&folder)).contains(&line)
    }

    /// Remembers it.
    pub fn note(&self, path: &Path, bytes: u64) -> Result<(), String> {
        let folder = folder_of(path);
        let line = self.line(&folder, path, bytes);
        let mut folders = self.folders.lock().unwrap_or_else(|broken| broken.into_inner());
        if !folders.entry(folder.clone()).or_insert_with(|| read(&folder)).insert(line.clone()) {
            return Ok(());
        }
        let notes = folder.join(NOTES);
        let written = fs::create_dir_all(&notes).and_then(|()| {
            let mut file = open::append(notes.join(NAME))?;
            file.write_all(format!("{line}\n").as_bytes())
        });
        written.map_err(|error| format!("cannot keep a note in '{}': {error}", notes.display()))
    }

    fn line(&self, folder: &Path, path: &Path, bytes: u64) -> String {
        let name = path.strip_prefix(folder).unwrap_or(path);
        format!("{}\t{bytes}\t{}", name.to_string_lossy(), self.how)
    }
}

fn folder_of(path: &Path) -> PathBuf {
    let parent = path.parent().unwrap_or(Path::new(""));
    let above = path.ancestors().skip(1).find(|folder| folder.join(NOTES).is_dir());
    above.unwrap_or(parent).to_path_buf()
}

fn read(folder: &Path) -> HashSet<String> {
    let text = open::text(folder.join(NOTES).join(NAME)).unwrap_or_default();
    text.lines().map(str::to_string).collect()
}
