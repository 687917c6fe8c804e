//! Reads Parquet files of any program as rows. Reading starts at the end of the file, so the input cannot be a
//! pipe.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as Parquet};
use parquet::file::metadata::FileMetaData;
use parquet::file::reader::{ChunkReader, FileReader, Length};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::Row as Record;
use parquet::record::reader::{ReaderIter, TreeBuilder};
use parquet::schema::types::Type;

use super::Error;
use super::cell::{CellError, Cells};
use super::geo::{Found, KEY};
use super::place::Geometries;
use crate::row::columns::MAX_COLUMNS;
use crate::row::row_format::ReadError;
use crate::row::{Column, Columns, Row};
use crate::threads::panics::{Panic, caught_foreign};

/// Reads the rows one by one.
pub struct Reader {
    file: Box<dyn FileReader>,
    columns: Arc<Columns>,
    slots: Vec<Slot>,
    group: usize,
    records: Option<ReaderIter>,
    number: u64,
}

/// How a column of the file is read.
enum Slot {
    Cells(Cells),
    Geometry(Geometries),
    /// Skipped, because it only repeats other columns.
    Repeats,
}

/// The crate relies on the metadata of a file in some places, and panics if it is wrong.
fn damaged(panic: &Panic) -> ParquetError {
    ParquetError::General(panic.words().to_string())
}

impl Reader {
    /// Reads the footer.
    ///
    /// # Errors
    /// A file that is not Parquet or is damaged, or has more columns than a row may have.
    pub fn open(file: File) -> Result<Reader, Error> {
        Reader::new(file)
    }

    /// Like [`Reader::open`], for any bytes with random access.
    pub fn new(bytes: impl ChunkReader + 'static) -> Result<Reader, Error> {
        let open = || SerializedFileReader::new(Within(bytes));
        let file = caught_foreign(open)
            .unwrap_or_else(|panic| Err(damaged(&panic)))
            .map_err(Error::Unread)?;
        let about = file.metadata().file_metadata();
        let fields = about.schema_descr().root_schema().get_fields();
        if fields.len() > MAX_COLUMNS {
            return Err(Error::TooWide(fields.len()));
        }
        let mut names = HashSet::new();
        if let Some(double) = fields.iter().map(|field| field.name()).find(|it| !names.insert(*it))
        {
            return Err(Error::TwoOfOneName(double.into()));
        }
        let found = found(about);
        let slots: Vec<Slot> = fields.iter().map(|field| Slot::new(field, &found)).collect();
        let columns = Columns::new(slots.iter().flat_map(Slot::columns));
        Ok(Reader { file: Box::new(file), columns, slots, group: 0, records: None, number: 0 })
    }

    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// The number of rows according to the footer.
    pub fn total(&self) -> u64 {
        self.file.metadata().file_metadata().num_rows().try_into().unwrap_or(0)
    }

    /// Reads the next row; false at the end. After an error in a row, the next call continues with the row
    /// after it.
    ///
    /// # Errors
    /// A value that a row cannot hold; a damaged file.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        let record = caught_foreign(|| self.record()).unwrap_or_else(|panic| Err(damaged(&panic)));
        let wrong = |error: ParquetError| {
            let what: String = super::unread(&error).chars().take(MOST_WORDS).collect();
            ReadError::Input(io::Error::other(format!("row {}: {what}", self.number + 1)))
        };
        let Some(record) = record.map_err(wrong)? else { return Ok(false) };
        self.number += 1;
        row.restart(&self.columns, self.number);
        let line = self.number;
        let filled = self.fill(&record, row);
        filled.map_err(|error| ReadError::row(line, error))?;
        Ok(true)
    }

    fn record(&mut self) -> Parquet<Option<Record>> {
        loop {
            if let Some(record) = self.records.as_mut().and_then(Iterator::next) {
                return record.map(Some);
            }
            // Rows without columns would never end.
            if self.group >= self.file.num_row_groups() || self.slots.is_empty() {
                return Ok(None);
            }
            let group = self.file.get_row_group(self.group)?;
            let schema = self.file.metadata().file_metadata().schema_descr_ptr();
            self.group += 1;
            let has_rows = group.metadata().num_rows() > 0;
            let records = || TreeBuilder::new().as_iter(schema, &*group);
            self.records = has_rows.then(records).transpose()?;
        }
    }

    fn fill(&self, record: &Record, row: &mut Row) -> Result<(), CellError> {
        for (slot, (_, value)) in self.slots.iter().zip(record.get_column_iter()) {
            match slot {
                Slot::Cells(cells) => {
                    if let Some(text) = cells.text(value)? {
                        super::cell::put(row, &cells.column, text)?;
                    }
                }
                Slot::Geometry(geometries) => geometries.put(value, row)?,
                Slot::Repeats => {}
            }
        }
        Ok(())
    }
}

/// The maximum length, in characters, of an error message, which may quote damaged values.
const MOST_WORDS: usize = 200;

fn found(about: &FileMetaData) -> Found {
    let pairs = about.key_value_metadata().into_iter().flatten();
    let words = pairs.filter(|pair| pair.key == KEY).find_map(|pair| pair.value.as_deref());
    words.map(Found::read).unwrap_or_default()
}

impl Slot {
    fn new(field: &Type, found: &Found) -> Slot {
        if found.coverings.iter().any(|name| name == field.name()) {
            return Slot::Repeats;
        }
        match Geometries::new(field, found) {
            Some(geometries) => Slot::Geometry(geometries),
            None => Slot::Cells(Cells::new(field.name(), field)),
        }
    }

    fn columns(&self) -> Vec<Column> {
        match self {
            Slot::Cells(cells) => vec![cells.column.clone()],
            Slot::Geometry(geometries) => geometries.columns(),
            Slot::Repeats => Vec::new(),
        }
    }
}

/// A file that refuses to read beyond its end: a damaged footer may request any amount of memory.
struct Within<R>(R);

impl<R: ChunkReader> Length for Within<R> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl<R: ChunkReader> ChunkReader for Within<R> {
    type T = R::T;

    fn get_read(&self, start: u64) -> Parquet<R::T> {
        self.check(start, 0)?;
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Parquet<Bytes> {
        self.check(start, length)?;
        self.0.get_bytes(start, length)
    }
}

impl<R: ChunkReader> Within<R> {
    fn check(&self, start: u64, length: usize) -> Parquet<()> {
        let end = start.checked_add(length as u64);
        if end.is_some_and(|end| end <= self.0.len()) {
            return Ok(());
        }
        Err(ParquetError::EOF(format!("{length} bytes from {start} on are beyond the end")))
    }
}

#[cfg(test)]
mod tests;
