//! The images of an index, by number, with the text of their ids.

use std::io;
use std::ops::Range;

use super::layout::{HAS_TEXT_ID, ImageRecord, Table};
use super::{Image, Index};

impl Index {
    pub fn image(&self, number: u32) -> io::Result<Image> {
        let record = self.tables.one(&self.storage, Table::Images, number.into())?;
        self.with_id(number, record)
    }

    /// The images with these numbers, in the given order; consecutive ones are read at once.
    pub fn images(&self, numbers: &[u32]) -> io::Result<Vec<Image>> {
        let records = numbers.iter().zip(self.records(numbers)?);
        records.map(|(&number, record)| self.with_id(number, record)).collect()
    }

    /// Like [`Index::images`], without the text of their ids.
    pub fn records(&self, numbers: &[u32]) -> io::Result<Vec<ImageRecord>> {
        let mut records = Vec::with_capacity(numbers.len());
        for run in numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next)) {
            let places = u64::from(run[0])..u64::from(run[0]) + run.len() as u64;
            let run: Vec<ImageRecord> = self.tables.get(&self.storage, Table::Images, places)?;
            records.extend(run);
        }
        Ok(records)
    }

    /// The id of an image as used in tiles; `None` if it is not a number.
    pub fn number_of(&self, record: &ImageRecord) -> io::Result<Option<u64>> {
        match record.flags & HAS_TEXT_ID {
            0 => Ok(Some(record.id)),
            _ => Ok(self.text_at(record.id >> 16, record.id & 0xffff)?.parse().ok()),
        }
    }

    pub(super) fn range(&self, range: Range<u32>) -> io::Result<Vec<Image>> {
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

    /// The recorded fields of an image: a compact JSON object.
    pub fn fields_text(&self, image: &Image) -> io::Result<String> {
        self.text_at(image.record.text_at, image.record.text_len.into())
    }
}
