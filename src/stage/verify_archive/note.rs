//! The note of damaged members, kept in the folder of their tars.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::disk::packed::{damaged, set_damaged};

/// The notes of the folders seen.
#[derive(Default)]
pub struct Damage {
    folders: Mutex<HashMap<PathBuf, BTreeSet<String>>>,
}

impl Damage {
    /// Keeps in mind whether this member is damaged; the note is written when
    /// it changes, so that it holds whenever the run ends.
    pub fn note(&self, tar: &Path, member: &str, is_damaged: bool) -> Result<(), String> {
        let folder = tar.parent().unwrap_or(Path::new(""));
        let name = format!("{}/{member}", tar.file_name().unwrap_or_default().to_string_lossy());
        let mut folders = self.folders.lock().unwrap_or_else(|broken| broken.into_inner());
        let known = folders.entry(folder.to_path_buf()).or_insert_with(|| damaged(folder));
        let changed = match is_damaged {
            true => known.insert(name),
            false => known.remove(&name),
        };
        match changed {
            true => set_damaged(folder, known).map_err(|error| {
                format!("cannot keep the note of damage in '{}': {error}", folder.display())
            }),
            false => Ok(()),
        }
    }
}
