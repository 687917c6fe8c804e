//! Writes rows in any of the output formats.

use super::format_kind::RowFormat;
use crate::row::parquet::{self, WriteError};
use crate::row::{Column, Row, csv, json};

/// Writes rows in one format.
pub enum Writer {
    Csv(csv::Writer),
    Jsonl(json::Writer),
    Parquet(Box<parquet::Writer>),
    /// The prefix of each line.
    Lines(&'static [u8]),
}

impl Writer {
    /// A writer of these columns, in this order. `omit` are columns of the rows that are left out. Any other
    /// columns of a row follow. `open` means that such columns may be found later.
    ///
    /// # Errors
    /// Columns that this format cannot hold.
    pub fn new(
        form: RowFormat,
        order: &[Column],
        omit: &[Column],
        open: bool,
    ) -> Result<Writer, parquet::Error> {
        Ok(match form {
            RowFormat::Csv => Writer::Csv(csv::Writer::new(order, omit, open)),
            RowFormat::Jsonl => Writer::Jsonl(json::Writer::new(order, omit)),
            RowFormat::Lines => Writer::Lines(b""),
            RowFormat::TextSequence => Writer::Lines(b"\x1e"),
            RowFormat::Parquet | RowFormat::Geoparquet => {
                let with_geometry = form == RowFormat::Geoparquet;
                let writer = parquet::Writer::new(order, omit, open, with_geometry)?;
                Writer::Parquet(Box::new(writer))
            }
        })
    }

    /// Appends what precedes the first row.
    pub fn start(&mut self, into: &mut Vec<u8>) {
        if let Writer::Csv(writer) = self {
            writer.header(into);
        }
    }

    /// Appends the row, or the part of it that is ready.
    ///
    /// # Errors
    /// A value that does not have the type of its column.
    pub fn write(&mut self, row: &Row, into: &mut Vec<u8>) -> Result<(), WriteError> {
        match self {
            Writer::Csv(writer) => writer.write(row, into),
            Writer::Jsonl(writer) => writer.write(row, into),
            Writer::Parquet(writer) => return writer.write(row, into),
            Writer::Lines(before) => {
                into.extend_from_slice(before);
                into.extend_from_slice(row.cell(0).as_bytes());
                into.push(b'\n');
            }
        }
        Ok(())
    }

    /// Appends what follows the last row.
    ///
    /// # Errors
    /// The table cannot be completed.
    pub fn finish(&mut self, into: &mut Vec<u8>) -> Result<(), parquet::Error> {
        match self {
            Writer::Csv(_) | Writer::Jsonl(_) | Writer::Lines(_) => Ok(()),
            Writer::Parquet(writer) => writer.finish(into),
        }
    }
}
