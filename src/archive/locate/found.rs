//! Where a picture was found: as a file, or as a byte range of a tar.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::archive::packed;
use crate::disk::open;
use crate::disk::positioned_io::Part;
use crate::format::tar::{Modified, Piece};
use crate::row::{Field, Row};
use crate::value::digest::Digest;

/// Where a picture was found.
#[derive(Debug, Clone)]
pub enum Found {
    File(PathBuf),
    Packed(Packed),
}

impl Found {
    /// Whether the file that was found is gone: another process has made a WebP of it meanwhile. A caller that could not
    /// open it looks once more.
    pub fn has_moved(&self) -> bool {
        matches!(self, Found::File(path) if !path.exists())
    }

    /// Writes into the row where its picture is. What the row knows of the bytes of one file does not hold for another.
    pub fn tell(&self, row: &mut Row) {
        match self {
            Found::File(path) => {
                if row.get(Field::Path).map(Path::new) != Some(path) {
                    row.set(Field::Path, &path.to_string_lossy());
                    row.clear(Field::Sha256);
                    if let Ok(file) = path.metadata() {
                        row.set_display(Field::Bytes, file.len());
                    }
                }
                [Field::Archive, Field::Member].into_iter().for_each(|field| row.clear(field));
            }
            Found::Packed(packed) => {
                row.clear(Field::Path);
                row.set(Field::Archive, &packed.archive.to_string_lossy());
                row.set(Field::Member, &packed.member);
                row.set_display(Field::Bytes, packed.bytes);
                match &packed.sha256 {
                    Some(sha256) => row.set_display(Field::Sha256, sha256),
                    None => row.clear(Field::Sha256),
                }
            }
        }
    }
}

/// A picture in a tar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub archive: Arc<PathBuf>,
    pub member: String,
    pub offset: u64,
    pub bytes: u64,
    pub sha256: Option<Digest>,
    pub modified: Option<Modified>,
    pub(super) pieces: Option<Arc<[Piece]>>,
    pub(super) is_picture: bool,
    pub(super) id: Option<Box<str>>,
    pub(super) quality: Option<Box<str>>,
}

impl Packed {
    /// The id of its image, if its index has it. Without an index, a number in the name may be any.
    pub fn indexed_id(&self) -> Option<&str> {
        self.id.as_deref().filter(|_| self.sha256.is_some())
    }

    /// Whether its index has another image or quality than the row.
    pub fn is_other(&self, row: &Row) -> bool {
        let quality = self.quality.as_deref().filter(|_| self.sha256.is_some());
        [(Field::ImgId, self.indexed_id()), (Field::Quality, quality)]
            .into_iter()
            .any(|(field, own)| own.zip(row.get(field)).is_some_and(|(own, stated)| own != stated))
    }

    /// Corrects what a row has of its size and its digest: that may be of another file.
    pub fn tell_bytes(&self, row: &mut Row) {
        if row.get(Field::Bytes).is_some() {
            row.set_display(Field::Bytes, self.bytes);
        }
        match &self.sha256 {
            Some(sha256) if row.get(Field::Sha256).is_some() => {
                row.set_display(Field::Sha256, sha256);
            }
            Some(_) => {}
            None => row.clear(Field::Sha256),
        }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// The tar cannot be read, or does not have it where its index says, which is that of an older tar.
    pub fn open(&self) -> io::Result<Part> {
        let file = open::file(&*self.archive)?;
        // Only an index has digests.
        let (is_indexed, place) = (self.sha256.is_some(), (self.offset, self.bytes));
        let is_at = || packed::is_at(&file, &self.archive, &self.member, place);
        if is_indexed && !is_at().map_err(io::Error::other)? {
            let what = "is not where the index says: verify-archive checks the tar";
            return Err(io::Error::other(format!("'{}' {what}", self.member)));
        }
        Ok(Part::new(file, self.offset, self.bytes, self.pieces.clone()))
    }
}
