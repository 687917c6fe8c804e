//! Case-insensitive disks, where two paths that differ only in case would be one file.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Mutex;

use crate::shape::RowError;

use super::lock;

/// The names seen on a case-insensitive disk, by their lower case; `None` on a case-sensitive disk.
pub struct CaseFolding(Option<Mutex<HashMap<u64, u64>>>);

impl CaseFolding {
    pub fn of_disk(dir: &Path) -> CaseFolding {
        CaseFolding(folds_case(dir).then(Mutex::default))
    }

    /// # Errors
    /// If a name of the path, of a folder or of the file, was seen in a different case.
    pub fn check(&self, path: &str) -> Result<(), RowError> {
        let Some(names) = &self.0 else { return Ok(()) };
        let mut names = lock(names);
        for (end, _) in path.match_indices('/').chain([(path.len(), "")]) {
            let name = &path[..end];
            let there = names.entry(hash(&name.to_lowercase())).or_insert(hash(name));
            if *there != hash(name) {
                return Err(format!(
                    "'{name}' differs by case alone from another name, which this disk does not \
                     tell apart: take a --layout without it"
                )
                .into());
            }
        }
        Ok(())
    }
}

/// How many entries of a folder are looked at for one whose name has letters.
const MOST_ENTRIES: usize = 100;

/// Tests the nearest existing folder: by an entry in it, because the folder itself may be where another disk is mounted; by its
/// own name if it is on the disk of its parent; or by a file that is created in it and deleted at once.
fn folds_case(dir: &Path) -> bool {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let Some(there) = dir.ancestors().find(|folder| folder.exists()) else { return false };
    let entries = std::fs::read_dir(there).into_iter().flatten().take(MOST_ENTRIES).flatten();
    let by_entry = entries.map(|entry| entry.path()).find_map(|path| is_found_in_other_case(&path));
    let parent = || there.parent().filter(|parent| is_on_disk_of(there, parent));
    by_entry
        .or_else(|| parent().and_then(|_| is_found_in_other_case(there)))
        .or_else(|| {
            let file = tempfile::Builder::new().prefix(".case-test-").tempfile_in(there).ok()?;
            is_found_in_other_case(file.path())
        })
        .unwrap_or(false)
}

/// Whether an existing path with its last name in a different case is the same file; `None` if that name has no letters.
fn is_found_in_other_case(path: &Path) -> Option<bool> {
    let name = path.file_name()?.to_str()?;
    let other = match name.to_lowercase() {
        small if small != name => small,
        _ => name.to_uppercase(),
    };
    (other != name).then(|| is_same(path, &path.with_file_name(other)))
}

#[cfg(unix)]
fn is_on_disk_of(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| std::fs::metadata(path).map(|meta| meta.dev());
    matches!((device(one), device(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(not(unix))]
fn is_on_disk_of(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| std::fs::metadata(path).map(|meta| (meta.dev(), meta.ino()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(not(unix))]
fn is_same(_: &Path, other: &Path) -> bool {
    // Where folders have no inode number, case-sensitive disks are the exception.
    other.exists()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
