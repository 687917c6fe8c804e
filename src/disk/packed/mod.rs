//! Tars of pictures, and beside each its index: a row for each member, with
//! its name, place, length and digest, so that one picture can be read alone.
//!
//! `A.tar` has the index `A.tar.jsonl` and the manifest `A.tar.sha256`, which
//! `sha256sum -c` understands where the tar was unpacked.

mod check;
mod foreign;
mod index;
mod write;

pub use check::{Checker, Checkers};
pub use foreign::add_index;
pub use index::{has_index, lasting, read_index, settle};
pub use write::{Part, Source, Stopped, Work, replace, sync};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::row::{Field, Row};
use crate::value::digest::Digest;

/// One member, as the index tells, or the tar itself where there is no index.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    /// Where its bytes begin.
    pub offset: u64,
    pub bytes: u64,
    /// Only an index tells it.
    pub sha256: Option<Digest>,
    /// What else is known of the picture; empty for a sidecar.
    pub row: Arc<Row>,
}

impl Member {
    /// The row of this member as one of a pipe.
    pub fn as_row(&self, tar: &Path) -> Row {
        let mut row = Row::clone(&self.row);
        row.set(Field::Archive, &tar.to_string_lossy());
        row.set(Field::Member, &self.name);
        row.set_display(Field::Bytes, self.bytes);
        self.sha256.iter().for_each(|sha256| row.set_display(Field::Sha256, sha256));
        row
    }
}

/// The members of a tar, by its index, else by its own headers.
///
/// # Errors
/// Names what cannot be read; of an index with the line.
pub fn read(tar: &Path) -> Result<Vec<Member>, String> {
    match has_index(tar) {
        true => read_index(tar),
        false => foreign::read(tar),
    }
}

/// The tars of a folder, addenda behind what they add to.
pub fn tars(folder: &Path) -> io::Result<Vec<PathBuf>> {
    named(folder, |path| is_tar(&path).then_some(path))
}

/// The tars of a folder that only their index tells of.
pub fn lost_tars(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let tar_of = |path: PathBuf| {
        let is_index = path.extension().is_some_and(|ending| ending == "jsonl");
        Some(path.with_extension("")).filter(|tar| is_index && is_tar(tar) && !tar.exists())
    };
    named(folder, tar_of)
}

fn named(folder: &Path, tar_of: impl Fn(PathBuf) -> Option<PathBuf>) -> io::Result<Vec<PathBuf>> {
    let mut tars = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(tars),
        entries => entries?,
    };
    for entry in entries {
        tars.extend(tar_of(entry?.path()));
    }
    tars.sort_by_cached_key(|tar| numbered(tar));
    Ok(tars)
}

/// The tars of a folder that have an index.
pub fn indexed_tars(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut tars = tars(folder)?;
    tars.retain(|tar| has_index(tar));
    Ok(tars)
}

/// Whether the name is that of a tar.
pub fn is_tar(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && path.extension().is_some_and(|ending| ending == "tar")
}

/// The index of a tar.
pub fn index_of(tar: &Path) -> PathBuf {
    with_ending(tar, ".jsonl")
}

/// The manifest of a tar.
pub fn manifest_of(tar: &Path) -> PathBuf {
    with_ending(tar, ".sha256")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    name.into()
}

/// The group and the number that a tar's name tells: `2024-01-15` and 1 of
/// `2024-01-15.1.tar`.
pub fn numbered(tar: &Path) -> (String, u32) {
    let stem = tar.file_stem().unwrap_or_default().to_string_lossy();
    let addendum =
        stem.rsplit_once('.').and_then(|(group, number)| Some((group, number.parse().ok()?)));
    addendum.map_or((stem.to_string(), 0), |(group, number)| (group.to_string(), number))
}
