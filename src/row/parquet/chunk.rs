//! The values of one leaf column until its row group is full. They are encoded and compressed page by page, so
//! that 100,000 rows take no more memory than they take in the file.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use parquet::column::page::{CompressedPage, PageWriteSpec, PageWriter};
use parquet::column::writer::{
    ColumnCloseResult, ColumnWriter, get_column_writer, get_typed_column_writer_mut,
};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

/// The number of first values that decide whether a column gets a dictionary.
const LOOKED_AT: usize = 1024;

/// The values of a batch.
enum Values {
    Bytes { text: Vec<u8>, ends: Vec<usize> },
    Double(Vec<f64>),
    Long(Vec<i64>),
    Bool(Vec<bool>),
}

/// How a column is written: with a dictionary, which is small where values repeat, or value by value.
#[derive(Clone)]
pub struct Properties {
    pub of_repeated: WriterPropertiesPtr,
    pub of_distinct: WriterPropertiesPtr,
}

/// One column of a row group.
pub struct Chunk {
    descriptor: ColumnDescPtr,
    properties: Properties,
    values: Values,
    /// Definition levels: 1 for a value, 0 for null.
    levels: Vec<i16>,
    /// `None` until the first values are known.
    writer: Option<ColumnWriter<'static>>,
    pages: Pages,
}

/// The finished pages, written by the encoder and taken by the chunk.
#[derive(Clone, Default)]
struct Pages(Arc<Mutex<Option<TrackedWrite<Vec<u8>>>>>);

impl Pages {
    fn lock(&self) -> MutexGuard<'_, Option<TrackedWrite<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<Vec<u8>> {
        self.lock().take().map_or(Ok(Vec::new()), TrackedWrite::into_inner)
    }
}

impl PageWriter for Pages {
    fn write_page(&mut self, page: CompressedPage) -> Result<PageWriteSpec> {
        let mut pages = self.lock();
        let pages = pages.get_or_insert_with(|| TrackedWrite::new(Vec::new()));
        SerializedPageWriter::new(pages).write_page(page)
    }

    fn close(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Chunk {
    pub fn new(descriptor: ColumnDescPtr, properties: Properties) -> Result<Chunk> {
        use parquet::basic::Type;
        let values = match descriptor.physical_type() {
            Type::BYTE_ARRAY => Values::Bytes { text: Vec::new(), ends: Vec::new() },
            Type::DOUBLE => Values::Double(Vec::new()),
            Type::INT64 => Values::Long(Vec::new()),
            Type::BOOLEAN => Values::Bool(Vec::new()),
            other => return Err(ParquetError::NYI(format!("columns of {other}"))),
        };
        let (writer, pages) = (None, Pages::default());
        Ok(Chunk { descriptor, properties, values, levels: Vec::new(), writer, pages })
    }

    /// Adds a null.
    pub fn absent(&mut self) {
        self.levels.push(0);
    }

    pub fn bytes(&mut self, value: &[u8]) {
        if let Values::Bytes { text, ends } = &mut self.values {
            text.extend_from_slice(value);
            ends.push(text.len());
            self.levels.push(1);
        }
    }

    pub fn double(&mut self, value: f64) {
        if let Values::Double(values) = &mut self.values {
            values.push(value);
            self.levels.push(1);
        }
    }

    pub fn long(&mut self, value: i64) {
        if let Values::Long(values) = &mut self.values {
            values.push(value);
            self.levels.push(1);
        }
    }

    pub fn bool(&mut self, value: bool) {
        if let Values::Bool(values) = &mut self.values {
            values.push(value);
            self.levels.push(1);
        }
    }

    /// Ends the row group: returns its pages and starts the next one.
    pub fn close(&mut self) -> Result<(Bytes, ColumnCloseResult)> {
        self.encode()?;
        let writer = self.writer.take().unwrap_or_else(|| self.open());
        let closed = writer.close()?;
        Ok((self.pages.take()?.into(), closed))
    }

    /// Encodes the values collected so far.
    pub fn encode(&mut self) -> Result<()> {
        let mut writer = self.writer.take().unwrap_or_else(|| self.open());
        let levels = &self.levels;
        match &mut self.values {
            Values::Bytes { text, ends } => {
                let next = Vec::with_capacity(text.len());
                let text = Bytes::from(std::mem::replace(text, next));
                let starts = [0].into_iter().chain(ends.iter().copied());
                let values: Vec<ByteArray> = starts
                    .zip(ends.iter().copied())
                    .map(|(start, end)| text.slice(start..end).into())
                    .collect();
                ends.clear();
                write::<ByteArrayType>(&mut writer, &values, levels)?;
            }
            Values::Double(values) => {
                write::<DoubleType>(&mut writer, values, levels)?;
                values.clear();
            }
            Values::Long(values) => {
                write::<Int64Type>(&mut writer, values, levels)?;
                values.clear();
            }
            Values::Bool(values) => {
                write::<BoolType>(&mut writer, values, levels)?;
                values.clear();
            }
        }
        self.levels.clear();
        self.writer = Some(writer);
        Ok(())
    }

    fn open(&self) -> ColumnWriter<'static> {
        let Properties { of_repeated, of_distinct } = &self.properties;
        let properties = if self.values.are_distinct() { of_distinct } else { of_repeated };
        let pages = Box::new(self.pages.clone());
        get_column_writer(Arc::clone(&self.descriptor), Arc::clone(properties), pages)
    }
}

impl Values {
    /// Whether most of the first values are distinct: then a dictionary is larger than the values, and slow to
    /// build.
    fn are_distinct(&self) -> bool {
        match self {
            Values::Bytes { text, ends } => {
                let starts = [0].into_iter().chain(ends.iter().copied());
                most_differ(starts.zip(ends).filter_map(|(start, &end)| text.get(start..end)))
            }
            Values::Double(values) => most_differ(values.iter().map(|value| value.to_bits())),
            Values::Long(values) => most_differ(values.iter()),
            Values::Bool(_) => false,
        }
    }
}

fn most_differ<T: Hash + Eq>(values: impl Iterator<Item = T>) -> bool {
    let (mut seen, mut count) = (HashSet::new(), 0);
    for value in values.take(LOOKED_AT) {
        seen.insert(value);
        count += 1;
    }
    2 * seen.len() > count
}

fn write<T: DataType>(writer: &mut ColumnWriter, values: &[T::T], levels: &[i16]) -> Result<()> {
    let writer = get_typed_column_writer_mut::<T>(writer);
    writer.write_batch(values, Some(levels), None).map(|_| ())
}
