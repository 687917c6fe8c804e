//! The index of an archive: what is asked of it is found in a few short reads, however many images it has. Small
//! archives have it in memory; large ones in a file beside them, which is made once.

pub mod boxes;
pub mod build;
mod feature_tables;
mod features;
pub mod freshness;
mod hash_search;
pub mod layout;
mod lists;
mod names;
pub mod paths;
mod picture_locations;
mod spatial_index;
mod spots;
pub mod storage;
pub mod tables;
mod write;
pub mod z_order;

use std::io;
use std::ops::Range;

pub use features::StoredFeature;
use layout::{
    HAS_TEXT_ID, IS_GONE, IS_PANO, ImageRecord, Key, NONE, PictureRecord, SequenceRecord, Table,
};
use names::Names;
pub use picture_locations::HeldPicture;
use storage::Storage;
use tables::{Tables, hash};

use crate::value::geo::Position;

/// What a name in a list, or among the ids, is the name of.
pub mod kind {
    pub const IMAGE: u8 = b'i';
    pub const SEQUENCE: u8 = b's';
    pub const USERNAME: u8 = b'u';
    pub const CREATOR: u8 = b'c';
    pub const ORGANIZATION: u8 = b'o';
    pub const MAKE: u8 = b'm';
    pub const MODEL: u8 = b'M';
    pub const FEATURE: u8 = b'f';
    /// `true` alone.
    pub const IS_PANO: u8 = b'p';
    /// All images, under no name.
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

    /// As recorded, not as computed.
    pub fn place(&self) -> Option<Position> {
        Position::new(self.record.lon_deg, self.record.lat_deg).ok()
    }
}

impl Index {
    /// # Errors
    /// Bytes that are no whole index.
    pub fn open(storage: Storage) -> io::Result<Index> {
        let tables = Tables::open(&storage)?;
        let names = Names::read(&tables.bytes(&storage, Table::Names)?)?;
        Ok(Index { storage, tables, names })
    }

    pub fn is_in_memory(&self) -> bool {
        self.storage.is_in_memory()
    }

    /// What it was made from, see [`freshness`].
    pub fn sources(&self) -> io::Result<String> {
        self.text_table(Table::Freshness)
    }

    /// What was not understood in the archive, a line each.
    pub fn notes(&self) -> io::Result<Vec<String>> {
        Ok(self.text_table(Table::Notes)?.lines().map(str::to_owned).collect())
    }

    fn text_table(&self, table: Table) -> io::Result<String> {
        String::from_utf8(self.tables.bytes(&self.storage, table)?).map_err(io::Error::other)
    }

    /// How many images it knows.
    pub fn len(&self) -> usize {
        self.tables.len::<ImageRecord>(Table::Images) as usize
    }

    /// How many pictures it holds.
    pub fn pictures_len(&self) -> usize {
        self.tables.len::<PictureRecord>(Table::Pictures) as usize
    }

    /// How many sequences it knows.
    pub fn sequences_len(&self) -> usize {
        self.tables.len::<SequenceRecord>(Table::Sequences) as usize
    }

    /// The user with the most images: whoever asks is taken for the owner of the archive.
    pub fn owner(&self) -> Option<&str> {
        self.name(0).filter(|name| !name.is_empty())
    }

    /// A name that images have by its number.
    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get(number)
    }

    /// The image of an id, gone or not.
    pub fn find(&self, id: &str) -> io::Result<Option<Image>> {
        self.find_key(Table::Ids, hash(kind::IMAGE, id), |number| {
            Ok(Some(self.image(number)?).filter(|image| image.id == id))
        })
    }

    /// The image of an id, unless it is gone.
    pub fn present(&self, id: &str) -> io::Result<Option<Image>> {
        Ok(self.find(id)?.filter(|image| !image.is_gone()))
    }

    /// What `take` makes of the first record of the hash that it takes.
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

    pub fn image(&self, number: u32) -> io::Result<Image> {
        let record = self.tables.one(&self.storage, Table::Images, number.into())?;
        self.with_id(number, record)
    }

    /// The images of these numbers, in their order; neighbours are read at once.
    pub fn images(&self, numbers: &[u32]) -> io::Result<Vec<Image>> {
        let records = numbers.iter().zip(self.records(numbers)?);
        records.map(|(&number, record)| self.with_id(number, record)).collect()
    }

    /// The same without the texts of their ids.
    pub fn records(&self, numbers: &[u32]) -> io::Result<Vec<ImageRecord>> {
        let mut records = Vec::with_capacity(numbers.len());
        for run in numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next)) {
            let places = u64::from(run[0])..u64::from(run[0]) + run.len() as u64;
            let run: Vec<ImageRecord> = self.tables.get(&self.storage, Table::Images, places)?;
            records.extend(run);
        }
        Ok(records)
    }

    /// The id of an image as tiles have it; none where it is no number.
    pub fn number_of(&self, record: &ImageRecord) -> io::Result<Option<u64>> {
        match record.flags & HAS_TEXT_ID {
            0 => Ok(Some(record.id)),
            _ => Ok(self.text_at(record.id >> 16, record.id & 0xffff)?.parse().ok()),
        }
    }

    fn range(&self, range: Range<u32>) -> io::Result<Vec<Image>> {
        let places = u64::from(range.start)..u64::from(range.end);
        let records = self.tables.get(&self.storage, Table::Images, places)?;
        range.zip(records).map(|(number, record)| self.with_id(number, record)).collect()
    }

    fn with_id(&self, number: u32, record: ImageRecord) -> io::Result<Image> {
        let id = match record.flags & HAS_TEXT_ID {
            0 => record.id.to_string(),
            _ => self.text_at(record.id >> 16, record.id & 0xffff)?,
        };
        Ok(Image { number, id, record })
    }

    fn text_at(&self, at: u64, len: u64) -> io::Result<String> {
        String::from_utf8(self.storage.read(at, len)?).map_err(io::Error::other)
    }

    /// The recorded fields of an image: a compact JSON object.
    pub fn fields_text(&self, image: &Image) -> io::Result<String> {
        self.text_at(image.record.text_at, image.record.text_len.into())
    }

    /// The number of a sequence.
    fn find_sequence(&self, name: &str) -> io::Result<Option<SequenceRecord>> {
        self.find_key(Table::SequenceIds, hash(kind::SEQUENCE, name), |number| {
            let sequence = self.sequence(number)?;
            let is_it = self.sequence_name(&sequence)? == name;
            Ok(is_it.then_some(sequence))
        })
    }

    /// The images of a sequence in capture order, gone ones among them.
    pub fn images_of_sequence(&self, name: &str) -> io::Result<Vec<Image>> {
        match self.find_sequence(name)? {
            Some(sequence) => {
                self.range(sequence.first..sequence.first.saturating_add(sequence.count))
            }
            None => Ok(Vec::new()),
        }
    }

    pub fn sequence(&self, number: u32) -> io::Result<SequenceRecord> {
        self.tables.one(&self.storage, Table::Sequences, number.into())
    }

    pub fn sequence_name(&self, sequence: &SequenceRecord) -> io::Result<String> {
        self.text_at(sequence.name_at, sequence.name_len.into())
    }

    /// The line of a sequence in world units, or in the coarser ones of far zooms.
    pub fn line(
        &self,
        sequence: &SequenceRecord,
        is_computed: bool,
        is_coarse: bool,
    ) -> io::Result<Vec<(u32, u32)>> {
        let (at, coarse, fine) = if !is_computed {
            (sequence.line_at, sequence.coarse_len, sequence.line_len)
        } else {
            (sequence.computed_line_at, sequence.computed_coarse_len, sequence.computed_line_len)
        };
        let bytes = if is_coarse {
            self.storage.read(at, coarse.into())?
        } else {
            self.storage.read(at.saturating_add(coarse.into()), fine.into())?
        };
        Ok(z_order::unpack(&bytes))
    }

    /// The boxes of the sequences that meet a window.
    pub fn sequences_in(
        &self,
        window: &layout::BoxRecord,
        is_computed: bool,
    ) -> io::Result<Vec<layout::BoxRecord>> {
        let table = if is_computed { Table::ComputedBoxes } else { Table::Boxes };
        boxes::search(&self.tables, &self.storage, table, window)
    }
}

/// Whether it is a 360-degree picture; `None` where nothing is said.
pub fn is_pano(record: &ImageRecord) -> Option<bool> {
    match record.flags & (IS_PANO | layout::IS_NO_PANO) {
        0 => None,
        flags => Some(flags & IS_PANO != 0),
    }
}

/// A number that stands for none.
pub fn some(number: u32) -> Option<u32> {
    (number != NONE).then_some(number)
}

#[cfg(test)]
mod tests;
