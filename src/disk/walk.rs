//! Walks a folder and its subfolders in natural order: `2.jpg` before `10.jpg`. Hidden files and folders,
//! including the tools' own data, are skipped. Links to folders are followed, but each folder is visited only
//! once.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Action, PathError};

/// What a directory entry refers to, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    /// A FIFO, a socket, a device.
    Other,
}

/// The memory used is that for the names in the current folder and its parents, and 16 bytes for each folder.
pub struct Walk {
    /// The folder as named, links resolved.
    root: PathBuf,
    /// Pending entries; the next one is at the end.
    waiting: Vec<Entry>,
    been: HashSet<Identity>,
}

/// A directory entry.
pub struct Entry {
    pub path: PathBuf,
    pub kind: Kind,
    pub is_link: bool,
}

/// Walks over everything in a folder except folders; a missing folder is empty.
pub fn all(folder: &Path) -> Walk {
    let root = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let first = Entry { path: folder.to_path_buf(), kind: Kind::Folder, is_link: false };
    Walk { root, waiting: vec![first], been: HashSet::new() }
}

/// The plain files of a folder, and links to plain files.
pub fn files(folder: &Path) -> impl Iterator<Item = io::Result<PathBuf>> + Send + use<> {
    all(folder).filter_map(|entry| match entry {
        Ok(entry) => (entry.kind == Kind::File).then_some(Ok(entry.path)),
        Err(error) => Some(Err(error)),
    })
}

impl Iterator for Walk {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(entry) = self.waiting.pop() {
            if entry.kind != Kind::Folder {
                return Some(Ok(entry));
            }
            if !self.is_new(&entry) {
                continue;
            }
            match entries(&entry.path) {
                Ok(entries) => self.waiting.extend(entries.into_iter().rev()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let error = PathError::new(Action::ReadFolder, &entry.path, error);
                    return Some(Err(error.into_io()));
                }
            }
        }
        None
    }
}

impl Walk {
    /// Whether the folder is visited for the first time. The target of a link inside the root is visited under
    /// its own name.
    fn is_new(&mut self, folder: &Entry) -> bool {
        if folder.is_link && self.is_met_elsewhere(&folder.path) {
            return false;
        }
        // A folder that cannot be examined is reported when it is read.
        identity(&folder.path).is_none_or(|identity| self.been.insert(identity))
    }

    fn is_met_elsewhere(&self, link: &Path) -> bool {
        let Ok(target) = fs::canonicalize(link) else { return false };
        let below = target.strip_prefix(&self.root);
        below.is_ok_and(|below| !below.iter().any(is_hidden))
    }
}

/// The entries of a folder, in natural order, without hidden ones.
pub fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !is_hidden(&entry.file_name()) {
            let (path, own) = (entry.path(), entry.file_type()?);
            let behind = if own.is_symlink() { path.metadata().ok() } else { None };
            let kind = kind(behind.map_or(own, |meta| meta.file_type()));
            entries.push(Entry { path, kind, is_link: own.is_symlink() });
        }
    }
    entries.sort_by(|a, b| natural(name(&a.path), name(&b.path)));
    Ok(entries)
}

/// A broken link counts as a file, so that the code that opens it reports the error.
fn kind(of: fs::FileType) -> Kind {
    match (of.is_dir(), of.is_file() || of.is_symlink()) {
        (true, _) => Kind::Folder,
        (_, true) => Kind::File,
        _ => Kind::Other,
    }
}

#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(folder: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    folder.metadata().ok().map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(not(unix))]
fn identity(folder: &Path) -> Option<Identity> {
    fs::canonicalize(folder).ok()
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn name(path: &Path) -> &[u8] {
    path.file_name().unwrap_or_default().as_encoded_bytes()
}

/// Compares names, with runs of digits compared as numbers.
pub fn natural(a: &[u8], b: &[u8]) -> Ordering {
    let (mut left, mut right) = (a, b);
    while let (Some(&one), Some(&other)) = (left.first(), right.first()) {
        if one.is_ascii_digit() && other.is_ascii_digit() {
            let (number, rest) = digits(left);
            let (other_number, other_rest) = digits(right);
            let order = number.len().cmp(&other_number.len()).then(number.cmp(other_number));
            if order.is_ne() {
                return order;
            }
            (left, right) = (rest, other_rest);
        } else if one != other {
            return one.cmp(&other);
        } else {
            (left, right) = (&left[1..], &right[1..]);
        }
    }
    // Names that differ only in leading zeros still have an order.
    left.len().cmp(&right.len()).then(a.cmp(b))
}

/// The digits at the start, without leading zeros, and the rest.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let zeros = text[..end].iter().take_while(|b| **b == b'0').count();
    (&text[zeros..end], &text[end..])
}

#[cfg(test)]
mod tests;
