//! The files of rows in an archive and in its inbox.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::open;
use crate::value::collection::Collection;

use super::super::ServerSettings;
use super::super::upload::ROWS;

/// Above this size the rows most likely belong to an archive whose index is a file.
pub(super) const LARGE_ROWS_BYTES: u64 = 2 << 20;

pub(super) fn rows_bytes(settings: &ServerSettings) -> u64 {
    let found = row_files(&settings.dir, &mut Vec::new()).unwrap_or_default();
    let files = settings.rows.iter().chain(&found);
    files.filter_map(|path| Some(path.metadata().ok()?.len())).sum()
}

/// The row files of uploaded sequences: one in the folder of each, in the inbox, or in an archive that is an inbox.
pub(super) fn uploaded_row_files(dir: &Path, inbox: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let same = fs::canonicalize(dir).ok() == fs::canonicalize(inbox).ok();
    for folder in [inbox, dir].into_iter().take(if same { 1 } else { 2 }) {
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        let rows = entries.map(|entry| Ok(entry?.path().join(ROWS)));
        let rows: io::Result<Vec<PathBuf>> = rows.collect();
        files.extend(rows?.into_iter().filter(|path| open::is_plain(path)));
    }
    files.sort();
    Ok(files)
}

/// Row files at the top of a folder and of the collections in it, sorted by name.
pub(super) fn row_files(dir: &Path, notes: &mut Vec<String>) -> io::Result<Vec<PathBuf>> {
    let mut files = row_files_in(dir, notes)?;
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if collection(&path).is_some() && path.is_dir() {
            files.extend(row_files_in(&path, notes)?);
        }
    }
    files.sort();
    Ok(files)
}

fn row_files_in(dir: &Path, notes: &mut Vec<String>) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        if !name.starts_with('.')
            && (plain.ends_with(".jsonl") || plain.ends_with(".csv"))
            && !entry.path().is_dir()
        {
            let path = entry.path();
            match path.metadata().ok().and_then(|meta| open::why_not(&meta)) {
                Some(why) => notes.push(format!("'{}' is not read: {why}", path.display())),
                None => files.push(path),
            }
        }
    }
    Ok(files)
}

/// The collection of a folder, by its name.
fn collection(folder: &Path) -> Option<Collection> {
    folder.file_name()?.to_str()?.parse().ok()
}

/// The user of the collection that contains a file: rows of mapillary-downloader do not name their creator.
pub(super) fn user_of(path: &Path) -> Option<String> {
    let whole = fs::canonicalize(path).ok()?;
    whole.ancestors().skip(1).take(2).find_map(collection).map(|collection| collection.user)
}

#[cfg(test)]
mod tests;
