//! The list of a collection: the rows that lie beside its pictures.

use std::path::{Path, PathBuf};

/// Where a collection keeps its rows, in the order in which it is looked for.
const NAMES: [&str; 4] = ["metadata.jsonl.gz", "metadata.jsonl", "images.jsonl", "images.csv"];

/// The first list that a folder has.
pub fn find(folder: &Path) -> Option<PathBuf> {
    NAMES.iter().map(|name| folder.join(name)).find(|path| path.exists())
}
