//! Case-insensitive disks: two paths that differ only in case would be one file.

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

/// Tests the nearest existing folder above: whether its own name in a different case is the same folder.
fn folds_case(dir: &Path) -> bool {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let Some(there) = dir.ancestors().find(|folder| folder.exists()) else { return false };
    let Some(name) = there.file_name().and_then(|name| name.to_str()) else { return false };
    let other = match name.to_lowercase() {
        small if small != name => small,
        _ => name.to_uppercase(),
    };
    other != name && is_same(there, &there.with_file_name(other))
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
