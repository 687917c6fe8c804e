//! What a row says of the bytes of its picture: a size or a digest that contradicts the picture is a sign of damage, and may
//! be the only one.

use std::fmt;
use std::path::Path;

use crate::archive::locate::Packed;
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::digest::Digest;

/// The size and the digest in a row. With `--force` nothing is taken from it.
#[derive(Debug, Default)]
pub struct Stated {
    bytes: Option<u64>,
    pub sha256: Option<Digest>,
}

impl Stated {
    /// Of the file at the row's own path; the WebP beside it has other bytes.
    ///
    /// # Errors
    /// What is stated is no size, or no digest.
    pub fn of_file(row: &Row, file: &Path, force: bool) -> Result<Stated, RowError> {
        let is_own = row.get(Field::Path).map(Path::new) == Some(file);
        if is_own && !force { Stated::of(row) } else { Ok(Stated::default()) }
    }

    /// Of a member of the format that the row's path names, if it has one.
    ///
    /// # Errors
    /// As [`Stated::of_file`].
    fn of_member(row: &Row, member: &str) -> Result<Stated, RowError> {
        let ending = Path::new(member).extension();
        let is_own = row.get(Field::Path).is_none_or(|path| Path::new(path).extension() == ending);
        if is_own { Stated::of(row) } else { Ok(Stated::default()) }
    }

    fn of(row: &Row) -> Result<Stated, RowError> {
        let bytes = row.integer(Field::Bytes)?.map(u64::try_from).transpose();
        let sha256 = row.get(Field::Sha256).map(str::parse).transpose()?;
        Ok(Stated { bytes: bytes.map_err(|_| "'bytes' is negative")?, sha256 })
    }

    /// # Errors
    /// The row has another size.
    pub fn check_len(&self, file: &Path, len: u64) -> Result<(), RowError> {
        let other = self.bytes.filter(|&bytes| bytes != len);
        let file = format_args!("'{}'", file.display());
        other.map_or(Ok(()), |bytes| contradiction(&file, "bytes", &len, &bytes))
    }

    /// # Errors
    /// The row has another digest.
    pub fn check_digest(&self, file: &Path, sha256: Digest) -> Result<(), RowError> {
        let other = self.sha256.filter(|&stated| stated != sha256);
        let file = format_args!("'{}'", file.display());
        other.map_or(Ok(()), |stated| contradiction(&file, "sha256", &sha256, &stated))
    }
}

/// Checks a row against the member that is taken for its picture.
///
/// # Errors
/// It has another size or digest, or its index has another id.
pub fn check_member(row: &Row, packed: &Packed) -> Result<(), RowError> {
    let stated = Stated::of_member(row, &packed.member)?;
    let member = format_args!("'{}' in '{}'", packed.member, packed.archive.display());
    if let (Some(id), Some(found)) = (row.get(Field::ImgId), packed.indexed_id())
        && id != found
    {
        return contradiction(&member, "img_id", &found, &id);
    }
    match (stated.bytes, stated.sha256, packed.sha256) {
        (Some(bytes), ..) if bytes != packed.bytes => {
            contradiction(&member, "bytes", &packed.bytes, &bytes)
        }
        (_, Some(stated), Some(found)) if stated != found => {
            contradiction(&member, "sha256", &found, &stated)
        }
        _ => Ok(()),
    }
}

fn contradiction(
    what: &dyn fmt::Display,
    column: &str,
    found: &dyn fmt::Display,
    stated: &dyn fmt::Display,
) -> Result<(), RowError> {
    let way_out = "--force takes it as it is";
    Err(format!("{what} has {column} {found}, its row says {stated} ({way_out})").into())
}
