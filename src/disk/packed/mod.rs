//! Tars of pictures, and beside each its index: a row for each member, with
//! its name, place, length and digest, so that one picture can be read alone.
//!
//! `A.tar` has the index `A.tar.jsonl` and the manifest `A.tar.sha256`, which
//! `sha256sum -c` understands where the tar was unpacked.

mod check;
mod index;
mod write;

pub use check::Checker;
pub use index::{damaged, is_packed, lasting, read, set_damaged, settle, tars};
pub use write::{Part, Source, Stopped, Work, replace, sync};

use std::path::{Path, PathBuf};

use crate::row::{Field, Row};
use crate::value::digest::Digest;

/// One member, as the index tells.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    /// Where its bytes begin.
    pub offset: u64,
    pub bytes: u64,
    pub sha256: Digest,
    /// What else is known of the picture; empty for a sidecar.
    pub row: Row,
}

impl Member {
    /// The row of this member as one of a pipe.
    pub fn as_row(&self, tar: &Path) -> Row {
        let mut row = self.row.clone();
        row.set(Field::Archive, &tar.to_string_lossy());
        row.set(Field::Member, &self.name);
        row.set_display(Field::Bytes, self.bytes);
        row.set_display(Field::Sha256, self.sha256);
        row
    }
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
