//! The values of one leaf column until its row group is full: encoded and compressed page by page, so
//! that 100,000 rows weigh what they weigh in the file.

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

/// Values that are handed to the encoder at once.
const BATCH: usize = 1024;

/// The values of a batch.
enum Values {
    Bytes { text: Vec<u8>, ends: Vec<usize> },
    Double(Vec<f64>),
    Long(Vec<i64>),
    Bool(Vec<bool>),
}

/// A column of a row group.
pub struct Chunk {
    descriptor: ColumnDescPtr,
    properties: WriterPropertiesPtr,
    values: Values,
    /// 1 for a value, 0 where there is none.
    levels: Vec<i16>,
    writer: ColumnWriter<'static>,
    pages: Pages,
}

/// The pages so far, which the encoder writes and the chunk takes.
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
    pub fn new(descriptor: ColumnDescPtr, properties: WriterPropertiesPtr) -> Result<Chunk> {
        use parquet::basic::Type;
        let values = match descriptor.physical_type() {
            Type::BYTE_ARRAY => Values::Bytes { text: Vec::new(), ends: Vec::new() },
            Type::DOUBLE => Values::Double(Vec::new()),
            Type::INT64 => Values::Long(Vec::new()),
            Type::BOOLEAN => Values::Bool(Vec::new()),
            other => return Err(ParquetError::NYI(format!("columns of {other}"))),
        };
        let pages = Pages::default();
        let writer = open(&descriptor, &properties, &pages);
        Ok(Chunk { descriptor, properties, values, levels: Vec::new(), writer, pages })
    }

    /// The next row has no value here.
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

    /// Encodes what has come together, once it is a batch.
    pub fn advance(&mut self) -> Result<()> {
        if self.levels.len() < BATCH { Ok(()) } else { self.encode() }
    }

    /// The row group is full: gives its pages, and begins the next one.
    pub fn close(&mut self) -> Result<(Bytes, ColumnCloseResult)> {
        self.encode()?;
        let next = open(&self.descriptor, &self.properties, &self.pages);
        let closed = std::mem::replace(&mut self.writer, next).close()?;
        Ok((self.pages.take()?.into(), closed))
    }

    fn encode(&mut self) -> Result<()> {
        let (writer, levels) = (&mut self.writer, &self.levels);
        match &mut self.values {
            Values::Bytes { text, ends } => {
                let text = Bytes::from(std::mem::take(text));
                let starts = [0].into_iter().chain(ends.iter().copied());
                let values: Vec<ByteArray> = starts
                    .zip(ends.iter().copied())
                    .map(|(start, end)| text.slice(start..end).into())
                    .collect();
                ends.clear();
                write::<ByteArrayType>(writer, &values, levels)?;
            }
            Values::Double(values) => {
                write::<DoubleType>(writer, values, levels)?;
                values.clear();
            }
            Values::Long(values) => {
                write::<Int64Type>(writer, values, levels)?;
                values.clear();
            }
            Values::Bool(values) => {
                write::<BoolType>(writer, values, levels)?;
                values.clear();
            }
        }
        self.levels.clear();
        Ok(())
    }
}

fn open(
    descriptor: &ColumnDescPtr,
    properties: &WriterPropertiesPtr,
    pages: &Pages,
) -> ColumnWriter<'static> {
    let pages = Box::new(pages.clone());
    get_column_writer(Arc::clone(descriptor), Arc::clone(properties), pages)
}

fn write<T: DataType>(writer: &mut ColumnWriter, values: &[T::T], levels: &[i16]) -> Result<()> {
    let writer = get_typed_column_writer_mut::<T>(writer);
    writer.write_batch(values, Some(levels), None).map(|_| ())
}
