//! Row formats: detected from the first bytes on input, and selected on output.

mod form;
mod json_rows;
mod list;
mod other_format;
mod read_error;
mod write;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::encoding::{self, BUFFER, Input};
use super::json::array::{Items, Start};
use super::{Columns, Row, csv, json, parquet};

use self::json_rows::{Elements, Lines};
use self::list::List;
pub use form::RowFormat;
pub use read_error::{Cause, ReadError};
pub use write::Writer;

/// Reads rows in any of the input formats.
pub struct Reader {
    form: RowFormat,
    source: RowSource,
    /// Lines that were read ahead and come before those of the input.
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
    /// Detects the format from the first bytes and, in CSV, reads the header.
    pub fn new(input: impl Read + Send + 'static) -> Result<Reader, ReadError> {
        let (start, input) =
            encoding::open(input).and_then(first_lines).map_err(ReadError::Input)?;
        Reader::from_start(start, input)
    }

    /// The same for CSV that lacks its header, which is this line; the input may have the header all the
    /// same, as the first of many parts does. JSON names its columns itself.
    pub fn headless(input: impl Read + Send + 'static, header: &str) -> Result<Reader, ReadError> {
        let (start, input) =
            encoding::open(input).and_then(first_lines).map_err(ReadError::Input)?;
        let first = start.trim_ascii();
        if first.starts_with(b"{") || first.starts_with(b"[") || first == header.as_bytes() {
            return Reader::from_start(start, input);
        }
        let line = format!("{header}\n").into_bytes();
        let start = [line.clone(), start].concat();
        let input: Input = Box::new(io::Cursor::new(line).chain(input));
        let reader = csv::Reader::new(input, &start)?;
        let source = RowSource::Csv(Box::new(reader));
        Ok(Reader { form: RowFormat::Csv, source, lines_above: 1 })
    }

    fn from_start(start: Vec<u8>, input: Input) -> Result<Reader, ReadError> {
        if start.starts_with(parquet::MAGIC) {
            return Err(ReadError::Input(io::Error::other(NO_FILE)));
        }
        if let Some(what) = other_format::told(&start) {
            return Err(ReadError::Input(io::Error::new(io::ErrorKind::InvalidData, what)));
        }
        if let Some(kind) = Start::from_bytes(&start) {
            let items = Items::new(input, kind).map_err(ReadError::Input)?;
            let source = RowSource::Array(Elements { items, parser: json::Parser::default() });
            return Ok(Reader { form: RowFormat::Jsonl, source, lines_above: 0 });
        }
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Ok(Reader::jsonl(input)),
            _ => {
                let source = match List::of(&start, input) {
                    Ok(list) => RowSource::List(list),
                    Err(input) => RowSource::Csv(Box::new(csv::Reader::new(input, &start)?)),
                };
                Ok(Reader { form: RowFormat::Csv, source, lines_above: 0 })
            }
        }
    }

    /// Reads JSON lines, whatever the first line looks like.
    pub fn of_lines(input: impl Read + Send + 'static) -> Reader {
        Reader::jsonl(Box::new(BufReader::with_capacity(BUFFER, input)))
    }

    /// The same for a file, which may also be Parquet.
    pub fn of_file(mut file: File) -> Result<Reader, ReadError> {
        if parquet::is(&mut file) { Reader::of_parquet(file) } else { Reader::new(file) }
    }

    /// Reads Parquet, which is passed on as CSV unless another format is requested.
    pub fn of_parquet(file: File) -> Result<Reader, ReadError> {
        let reader = parquet::Reader::open(file);
        let reader = reader.map_err(|error| ReadError::Input(io::Error::other(error)))?;
        let source = RowSource::Parquet(Box::new(reader));
        Ok(Reader { form: RowFormat::Csv, source, lines_above: 0 })
    }

    fn jsonl(input: Input) -> Reader {
        let lines = Lines { input, parser: json::Parser::default(), line: Vec::new(), number: 0 };
        Reader { form: RowFormat::Jsonl, source: RowSource::Jsonl(lines), lines_above: 0 }
    }

    pub fn form(&self) -> RowFormat {
        self.form
    }

    /// The columns known so far: all of them in CSV, those of the rows read in JSON lines.
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

    /// Whether rows may name further columns.
    pub fn is_open(&self) -> bool {
        match &self.source {
            RowSource::Csv(reader) => reader.is_open(),
            RowSource::Jsonl(_) | RowSource::Array(_) => true,
            RowSource::List(_) | RowSource::Parquet(_) => false,
        }
    }

    /// Warnings about the input for the user, each reported once.
    pub fn notes(&mut self) -> Vec<String> {
        match &mut self.source {
            RowSource::Csv(reader) => std::mem::take(&mut reader.notes),
            RowSource::List(list) => list.note().into_iter().collect(),
            RowSource::Jsonl(_) | RowSource::Array(_) | RowSource::Parquet(_) => Vec::new(),
        }
    }

    /// The number of rows, where it is known before the first one.
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

    /// Reads to the end to collect the columns of all rows; invalid rows are left to the actual reading.
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

    /// The next row as a separate value.
    pub fn next_row(&mut self) -> Option<Result<Row, ReadError>> {
        // The shared columns: a separate list for each row would cost more than the row.
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

/// The header of a CSV file; none for other formats.
pub fn header(input: impl Read + Send + 'static) -> io::Result<Option<String>> {
    let (start, _) = encoding::open(input).and_then(first_lines)?;
    let line = String::from_utf8_lossy(&start).trim().to_string();
    Ok((!line.is_empty() && !line.starts_with(['{', '['])).then_some(line))
}

const NO_FILE: &str = "Parquet is read from its end: give a file by its name, not a pipe";

/// Longer first lines are recognized by their beginning.
const MAX_START: usize = 1 << 20;

/// The first line with content, and the blank ones before it, with the input unchanged. A brace alone is not
/// conclusive.
fn first_lines(mut input: Input) -> io::Result<(Vec<u8>, Input)> {
    let mut start = Vec::new();
    loop {
        let left = (MAX_START - start.len()) as u64;
        let read = (&mut input).take(left).read_until(b'\n', &mut start)?;
        let says = start.iter().any(|byte| !byte.is_ascii_whitespace() && !b"{[".contains(byte));
        if says || read == 0 {
            let input: Input = Box::new(io::Cursor::new(start.clone()).chain(input));
            return Ok((start, input));
        }
    }
}

#[cfg(test)]
mod tests;
