//! The list of a collection: the row file stored beside its pictures.

use std::path::{Path, PathBuf};

/// The names of a collection's row file, in order of preference.
const NAMES: [&str; 4] = ["metadata.jsonl.gz", "metadata.jsonl", "images.jsonl", "images.csv"];

/// The first row file that a folder has.
pub fn find(folder: &Path) -> Option<PathBuf> {
    NAMES.iter().map(|name| folder.join(name)).find(|path| path.exists())
}
