//! Row formats: detected from the first bytes on input, and selected on output.

mod bounded_lines;
mod format_kind;
mod json_rows;
mod list;
mod open;
mod other_format;
mod read_error;
mod write;

use std::sync::Arc;

use super::encoding::Input;
use super::{Columns, Row, csv, parquet};

use self::json_rows::{Elements, Lines};
use self::list::List;
pub use format_kind::RowFormat;
pub use open::header;
pub use read_error::{Cause, ReadError};
pub use write::Writer;

/// Reads rows in any of the input formats.
pub struct Reader {
    form: RowFormat,
    source: RowSource,
    /// Lines that were consumed before those of the input.
    lines_above: u64,
}

enum RowSource {
    Csv(Box<csv::Reader<Input>>),
    Jsonl(Lines),
    Array(Elements),
    List(List),
    Parquet(Box<parquet::Reader>),
}

impl Reader {
    pub fn form(&self) -> RowFormat {
        self.form
    }

    /// The columns known so far: all of them in CSV and Parquet, those of the rows read so far in JSON lines.
    pub fn columns(&self) -> Arc<Columns> {
        match &self.source {
            RowSource::Csv(reader) => reader.columns(),
            RowSource::Jsonl(Lines { parser, .. }) | RowSource::Array(Elements { parser, .. }) => {
                Arc::clone(parser.columns())
            }
            RowSource::List(list) => Arc::clone(list.columns()),
            RowSource::Parquet(reader) => Arc::clone(reader.columns()),
        }
    }

    /// A value in the first line of CSV, which shows that it is a row and not a header.
    pub fn value_in_header(&self) -> Option<&str> {
        match &self.source {
            RowSource::Csv(reader) => reader.value_in_header(),
            _ => None,
        }
    }

    /// Whether rows may have more columns.
    pub fn is_open(&self) -> bool {
        match &self.source {
            RowSource::Csv(reader) => reader.is_open(),
            RowSource::Jsonl(_) | RowSource::Array(_) => true,
            RowSource::List(_) | RowSource::Parquet(_) => false,
        }
    }

    /// Warnings about the input for the user. Each is returned once.
    pub fn notes(&mut self) -> Vec<String> {
        match &mut self.source {
            RowSource::Csv(reader) => std::mem::take(&mut reader.notes),
            RowSource::List(list) => list.note().into_iter().collect(),
            RowSource::Jsonl(_) | RowSource::Array(_) | RowSource::Parquet(_) => Vec::new(),
        }
    }

    /// The number of rows, if it is known before the first one.
    pub fn total(&self) -> Option<u64> {
        match &self.source {
            RowSource::Parquet(reader) => Some(reader.total()),
            RowSource::Csv(_) | RowSource::Jsonl(_) | RowSource::Array(_) | RowSource::List(_) => {
                None
            }
        }
    }

    /// Reads the next row; false at the end. After [`ReadError::Row`] the next call continues with the row
    /// after it.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        let read = self.read_source(row);
        row.line = row.line.saturating_sub(self.lines_above);
        read.map_err(|error| match error {
            ReadError::Row { line, what } => {
                ReadError::row(line.saturating_sub(self.lines_above), what)
            }
            input => input,
        })
    }

    fn read_source(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        match &mut self.source {
            RowSource::Csv(reader) => reader.read(row),
            RowSource::Jsonl(lines) => lines.read(row),
            RowSource::Array(elements) => elements.read(row),
            RowSource::List(list) => list.read(row),
            RowSource::Parquet(reader) => reader.read(row),
        }
    }

    /// Reads to the end to collect the columns of all rows. Invalid rows are reported later, when they are
    /// read.
    pub fn look_through(&mut self) -> Result<(), ReadError> {
        match &mut self.source {
            RowSource::Jsonl(lines) => lines.look_through(),
            RowSource::Array(elements) => elements.look_through(),
            RowSource::Csv(reader) if reader.is_open() => {
                let mut row = Row::new(Columns::from_fields(&[]));
                loop {
                    match reader.read(&mut row) {
                        Ok(true) | Err(ReadError::Row { .. }) => {}
                        Ok(false) => return Ok(()),
                        Err(error) => return Err(error),
                    }
                }
            }
            RowSource::Csv(_) | RowSource::List(_) | RowSource::Parquet(_) => Ok(()),
        }
    }

    /// The next row, as a value of its own.
    pub fn next_row(&mut self) -> Option<Result<Row, ReadError>> {
        // The columns are shared: a list for each row would take more memory than the row.
        let columns = match &self.source {
            RowSource::Csv(reader) => reader.all(),
            RowSource::Jsonl(lines) => lines.parser.columns(),
            RowSource::Array(elements) => elements.parser.columns(),
            RowSource::List(list) => list.columns(),
            RowSource::Parquet(reader) => reader.columns(),
        };
        let mut row = Row::new(Arc::clone(columns));
        match self.read(&mut row) {
            Ok(true) => Some(Ok(row)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests;
