//! Writes rows as Parquet, in row groups of 100,000 rows.

mod schema;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parquet::file::metadata::KeyValue;
use parquet::file::writer::SerializedFileWriter;
use schema::{properties, schema};

use super::chunk::{Chunk, Properties};
use super::geo::{Geo, KEY};
use super::{Error, wkb};
use crate::row::column_type::{ColumnType, TypedValue, position};
use crate::row::layout::Layout;
use crate::row::{Column, Row, WrongValue};
use crate::threads::{Work, ordered};
use crate::value::geo::Position;

/// Rows in a row group, as recommended by GeoParquet.
const GROUP: usize = 100_000;
/// Rows that are encoded at once, each column on a thread of its own; fewer if their texts are long.
const BATCH: usize = 8 * 1024;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Why a row could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// An error in this row only.
    #[error(transparent)]
    Value(#[from] WrongValue),
    #[error(transparent)]
    Table(#[from] Error),
}

impl From<parquet::errors::ParquetError> for WriteError {
    fn from(error: parquet::errors::ParquetError) -> WriteError {
        WriteError::Table(error.into())
    }
}

/// Writes rows one by one, and the footer.
pub struct Writer {
    layout: Layout,
    types: Vec<ColumnType>,
    chunks: Vec<Chunk>,
    geo: Option<Geo>,
    rows: usize,
    /// Rows that are not encoded yet, and the size of their texts.
    waiting: usize,
    waiting_bytes: usize,
    file: SerializedFileWriter<Bytes>,
    bytes: Bytes,
}

/// The bytes written and not yet taken.
#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Bytes {
    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Writer {
    /// A table with these columns, and a geometry column if requested. `more` means that rows may have columns
    /// that are not in the header.
    ///
    /// # Errors
    /// No columns; or, with a geometry, no column for the longitude or the latitude.
    pub fn new(
        header: &[Column],
        omit: &[Column],
        more: bool,
        with_geometry: bool,
    ) -> Result<Writer, Error> {
        let layout = Layout::new(header, omit, more);
        let geo = if with_geometry { Some(Geo::new(&layout.header)?) } else { None };
        let types: Vec<_> = layout.header.iter().map(ColumnType::from_column).collect();
        if layout.names().next().is_none() {
            return Err(Error::NoColumns);
        }
        let schema = schema(&layout, &types, geo.as_ref())?;
        let properties =
            Properties { of_repeated: properties(true)?, of_distinct: properties(false)? };
        let bytes = Bytes::default();
        let of_file = Arc::clone(&properties.of_repeated);
        let file = SerializedFileWriter::new(bytes.clone(), schema, of_file)?;
        let columns = file.schema_descr().columns().iter();
        let chunks = columns.map(|column| Chunk::new(Arc::clone(column), properties.clone()));
        let chunks = chunks.collect::<Result<_, _>>()?;
        let (rows, waiting, waiting_bytes) = (0, 0, 0);
        Ok(Writer { layout, types, chunks, geo, rows, waiting, waiting_bytes, file, bytes })
    }

    /// Adds a row; appends what is ready.
    ///
    /// # Errors
    /// A value that does not have the type of its column: the row is left out of the table.
    pub fn write(&mut self, row: &Row, into: &mut Vec<u8>) -> Result<(), WriteError> {
        let is_open = self.layout.more;
        let places = self.layout.places(row);
        // Check all values before any is added, so that a row is added completely or not at all.
        let place = self.geo.is_some().then(|| position(row)).transpose()?.flatten();
        let values = self.types.iter().zip(&places.header).map(|(kind, &at)| kind.value(row, at));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let more = if is_open { places.more(row) } else { String::new() };
        let more = Some(more.as_str()).filter(|more| !more.is_empty());
        let more = is_open.then_some(more.map_or(TypedValue::Absent, TypedValue::Text));
        let mut chunks = self.chunks.iter_mut();
        for (value, chunk) in values.into_iter().chain(more).zip(&mut chunks) {
            self.waiting_bytes += if let TypedValue::Text(text) = value { text.len() } else { 0 };
            put(value, chunk);
        }
        if let Some(geo) = &mut self.geo {
            put_place(place, geo, chunks);
        }
        (self.rows, self.waiting) = (self.rows + 1, self.waiting + 1);
        if self.rows == GROUP {
            self.close_group()?;
            into.append(&mut self.bytes.lock());
        } else if self.waiting == BATCH || self.waiting_bytes >= BATCH_BYTES {
            self.each_chunk(Chunk::encode)?;
        }
        Ok(())
    }

    /// Appends the rest, after the last row.
    ///
    /// # Errors
    /// An error of the encoder.
    pub fn finish(&mut self, into: &mut Vec<u8>) -> Result<(), Error> {
        if self.rows > 0 {
            self.close_group()?;
        }
        if let Some(geo) = &self.geo {
            self.file.append_key_value_metadata(KeyValue::new(KEY.to_string(), geo.words()));
        }
        self.file.finish()?;
        into.append(&mut self.bytes.lock());
        Ok(())
    }

    /// Runs `act` on all columns in parallel. Columns are independent, so the bytes do not depend on the number
    /// of threads.
    fn each_chunk<R: Send>(
        &mut self,
        act: impl Fn(&mut Chunk) -> parquet::errors::Result<R> + Sync,
    ) -> Result<Vec<R>, Error> {
        (self.waiting, self.waiting_bytes) = (0, 0);
        let work = Work::on_all_processors();
        ordered::each(&work, self.chunks.iter_mut(), |chunk| Ok(act(chunk)?), || Error::Stopped)
    }

    fn close_group(&mut self) -> Result<(), Error> {
        let closed = self.each_chunk(Chunk::close)?;
        let mut group = self.file.next_row_group()?;
        for (pages, closed) in closed {
            group.append_column(&pages, closed)?;
        }
        group.close()?;
        self.file.flush().map_err(parquet::errors::ParquetError::from)?;
        self.rows = 0;
        Ok(())
    }
}

fn put(value: TypedValue, chunk: &mut Chunk) {
    match value {
        TypedValue::Absent => chunk.absent(),
        TypedValue::Text(text) => chunk.bytes(text.as_bytes()),
        TypedValue::Double(number) => chunk.double(number),
        TypedValue::Long(number) => chunk.long(number),
        TypedValue::Bool(value) => chunk.bool(value),
    }
}

/// Adds the geometry and the four sides of its bounding box.
fn put_place<'a>(
    place: Option<Position>,
    geo: &mut Geo,
    mut chunks: impl Iterator<Item = &'a mut Chunk>,
) {
    let Some(place) = place else { return chunks.for_each(Chunk::absent) };
    geo.add(place);
    let (x, y) = (place.lon_deg(), place.lat_deg());
    chunks.next().into_iter().for_each(|chunk| chunk.bytes(&wkb::write(x, y)));
    chunks.zip([x, y, x, y]).for_each(|(chunk, side)| chunk.double(side));
}
