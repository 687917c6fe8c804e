//! The pictures that an archive has of an image, and their locations.

use std::io;
use std::path::PathBuf;

use super::layout::{PictureRecord, Table};
use super::tar_version::TarVersion;
use super::{Image, Index, path_encoding};
use crate::value::quality::Quality;

/// The location of a picture's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPicture {
    pub quality: Quality,
    /// The file, or the tar, relative to the archive's folder.
    pub path: PathBuf,
    /// Position and length in the tar.
    pub part: Option<(u64, u64)>,
    /// The version of the tar.
    pub version: Option<TarVersion>,
    pub content_type: &'static str,
}

impl Index {
    /// The pictures available for an image.
    pub fn pictures(&self, image: &Image) -> io::Result<Vec<HeldPicture>> {
        let first = u64::from(image.record.first_picture);
        let range = first..first + u64::from(image.record.pictures);
        let records: Vec<PictureRecord> = self.tables.get(&self.storage, Table::Pictures, range)?;
        records.iter().map(|record| self.held(record)).collect()
    }

    fn held(&self, record: &PictureRecord) -> io::Result<HeldPicture> {
        let is_part = record.is_part != 0;
        let len = u64::from(record.path_len) + if is_part { TarVersion::SIZE as u64 } else { 0 };
        let mut path = self.storage.read(record.path_at, len)?;
        let version = path.split_off(record.path_len as usize);
        let quality = Quality::ALL.get(usize::from(record.quality));
        Ok(HeldPicture {
            quality: *quality.ok_or_else(|| io::Error::other("no such quality"))?,
            path: path_encoding::from_bytes(path),
            part: is_part.then_some((record.part_at, record.part_len)),
            version: TarVersion::from_bytes(&version),
            content_type: if record.is_webp != 0 { "image/webp" } else { "image/jpeg" },
        })
    }
}
