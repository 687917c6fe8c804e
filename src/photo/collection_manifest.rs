//! The lists of a collection: the row files stored beside its pictures.

use std::path::{Path, PathBuf};

/// The names of a collection's row files. Of a picture in several, the row of the first counts.
const NAMES: [&str; 4] = ["metadata.jsonl.gz", "metadata.jsonl", "images.jsonl", "images.csv"];

/// The row files that a folder has. Together they list its pictures: each is written by another tool, at another time.
pub fn all(folder: &Path) -> Vec<PathBuf> {
    NAMES.iter().map(|name| folder.join(name)).filter(|path| path.exists()).collect()
}
