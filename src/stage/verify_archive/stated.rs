//! What a row says of the bytes of its picture.

use std::ffi::OsStr;
use std::path::Path;

use crate::archive::packed::Member;
use crate::row::{Field, Row};
use crate::value::digest::Digest;

/// The size and the digest in a row, as text: what is neither is that of no file.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Stated<'a> {
    pub bytes: Option<&'a str>,
    pub sha256: Option<&'a str>,
}

impl<'a> Stated<'a> {
    /// Of a row, if it names this file: values of a row for a JPEG do not apply to the WebP made from it.
    pub fn of_file(row: &'a Row, file: &Path) -> Stated<'a> {
        if row.get(Field::Path).is_some_and(|path| Path::new(path) == file) {
            Stated::of(row)
        } else {
            Stated::default()
        }
    }

    /// Of a row, if its `member` or its `path` has the file name of this one, in whichever folder.
    pub fn of_member(row: &'a Row, member: &str) -> Stated<'a> {
        match Path::new(member).file_name() {
            Some(name) if file_name(row) == Some(name) => Stated::of(row),
            _ => Stated::default(),
        }
    }

    pub fn of(row: &'a Row) -> Stated<'a> {
        Stated { bytes: row.get(Field::Bytes), sha256: row.get(Field::Sha256) }
    }

    /// How a picture differs from what the row says.
    pub fn difference(&self, bytes: u64, sha256: Option<Digest>) -> Option<String> {
        let is_other_digest = |stated: &str| {
            sha256.is_some_and(|sha256| !stated.eq_ignore_ascii_case(&sha256.to_string()))
        };
        if self.sha256.is_some_and(is_other_digest) {
            return Some("its digest is not that of its row".to_string());
        }
        // Some programs write whole numbers as 17.0.
        let is_other = |stated: &&str| stated.trim().parse::<f64>() != Ok(bytes as f64);
        let stated = self.bytes.filter(is_other)?;
        Some(format!("it has {bytes} bytes, its row says {stated}"))
    }
}

/// How the image of a row differs from that in the index of a tar. Without an index, a number in the name may be any.
pub fn other_image(row: &Row, member: &Member) -> Option<String> {
    let own = member.row.get(Field::ImgId).filter(|_| member.sha256.is_some())?;
    let stated = row.get(Field::ImgId).filter(|&stated| stated != own)?;
    Some(format!("its index says that it is image {own}, its row says {stated}"))
}

/// The file name that a row has for its picture.
pub fn file_name(row: &Row) -> Option<&OsStr> {
    let named = row.get(Field::Member).or_else(|| row.get(Field::Path))?;
    Path::new(named).file_name()
}
