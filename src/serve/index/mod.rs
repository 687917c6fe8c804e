//! The index of an archive. Every lookup takes a few short reads, whatever the number of images. The index of a small
//! archive is in memory; that of a large one is in a file beside the archive, which is made once.

pub mod boxes;
pub mod build;
mod feature_tables;
mod features;
pub mod freshness;
mod hash_search;
mod images;
pub mod layout;
pub mod line_pieces;
mod lists;
mod names;
pub mod path_encoding;
mod picture_locations;
mod sequences;
mod spatial_index;
mod spots;
pub mod storage;
pub mod tables;
pub mod tar_version;
mod write;
pub mod z_order;

use std::io;

use crate::value::geo::Position;

pub use features::StoredFeature;
use layout::{IS_GONE, IS_PANO, ImageRecord, Key, NONE, PictureRecord, Table};
use names::Names;
pub use picture_locations::HeldPicture;
use storage::Storage;
use tables::{Tables, hash};

/// The kind of a name in a list or among the ids.
pub mod kind {
    pub const IMAGE: u8 = b'i';
    pub const SEQUENCE: u8 = b's';
    pub const USERNAME: u8 = b'u';
    pub const CREATOR: u8 = b'c';
    pub const ORGANIZATION: u8 = b'o';
    pub const MAKE: u8 = b'm';
    pub const MODEL: u8 = b'M';
    pub const FEATURE: u8 = b'f';
    /// The 360-degree pictures; the name is empty.
    pub const IS_PANO: u8 = b'p';
    /// All images; the name is empty.
    pub const ALL: u8 = b'a';
}

#[derive(Debug)]
pub struct Index {
    storage: Storage,
    tables: Tables,
    names: Names,
}

/// An image of the archive.
#[derive(Debug, Clone)]
pub struct Image {
    pub number: u32,
    pub id: String,
    pub record: ImageRecord,
}

impl Image {
    pub fn is_gone(&self) -> bool {
        self.record.flags & IS_GONE != 0
    }

    /// The recorded position, not the computed one.
    pub fn place(&self) -> Option<Position> {
        Position::new(self.record.lon_deg, self.record.lat_deg).ok()
    }
}

impl Index {
    /// # Errors
    /// Bytes that are not a complete index.
    pub fn open(storage: Storage) -> io::Result<Index> {
        let tables = Tables::open(&storage)?;
        let names = Names::read(&tables.bytes(&storage, Table::Names)?)?;
        Ok(Index { storage, tables, names })
    }

    pub fn is_in_memory(&self) -> bool {
        self.storage.is_in_memory()
    }

    /// The sources that it was made from, see [`freshness`].
    pub fn sources(&self) -> io::Result<String> {
        self.text_table(Table::Freshness)
    }

    /// Notes on what could not be read in the archive, one a line.
    pub fn notes(&self) -> io::Result<Vec<String>> {
        Ok(self.text_table(Table::Notes)?.lines().map(str::to_owned).collect())
    }

    fn text_table(&self, table: Table) -> io::Result<String> {
        String::from_utf8(self.tables.bytes(&self.storage, table)?).map_err(io::Error::other)
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.tables.len::<ImageRecord>(Table::Images) as usize
    }

    /// The number of picture files.
    pub fn pictures_len(&self) -> usize {
        self.tables.len::<PictureRecord>(Table::Pictures) as usize
    }

    /// The user with the most images, assumed to be the owner of the archive.
    pub fn owner(&self) -> Option<&str> {
        self.name(0).filter(|name| !name.is_empty())
    }

    /// A name shared by images, by its number.
    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get(number)
    }

    /// All names shared by images: of users, organizations, cameras; each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        // The first one is the owner's, which has a number of its own as well.
        (1..).map_while(|number| self.name(number))
    }

    /// The image with this id, even if it is gone.
    pub fn find(&self, id: &str) -> io::Result<Option<Image>> {
        self.find_key(Table::Ids, hash(kind::IMAGE, id), |number| {
            Ok(Some(self.image(number)?).filter(|image| image.id == id))
        })
    }

    /// The image with this id, unless it is gone.
    pub fn present(&self, id: &str) -> io::Result<Option<Image>> {
        Ok(self.find(id)?.filter(|image| !image.is_gone()))
    }

    /// The first record with this hash for which `take` returns a result.
    fn find_key<T>(
        &self,
        table: Table,
        hash: u64,
        take: impl Fn(u32) -> io::Result<Option<T>>,
    ) -> io::Result<Option<T>> {
        let start = hash_search::first(&self.tables, &self.storage, table, hash)?;
        for at in start..self.tables.len::<Key>(table) {
            let key: Key = self.tables.one(&self.storage, table, at)?;
            if key.hash != hash {
                break;
            }
            if let Some(found) = take(key.number)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn text_at(&self, at: u64, len: u64) -> io::Result<String> {
        String::from_utf8(self.storage.read(at, len)?).map_err(io::Error::other)
    }
}

/// Whether it is a 360-degree picture; `None` if unknown.
pub fn is_pano(record: &ImageRecord) -> Option<bool> {
    match record.flags & (IS_PANO | layout::IS_NO_PANO) {
        0 => None,
        flags => Some(flags & IS_PANO != 0),
    }
}

/// `None` for the number that means none.
pub fn some(number: u32) -> Option<u32> {
    (number != NONE).then_some(number)
}

#[cfg(test)]
mod tests;
