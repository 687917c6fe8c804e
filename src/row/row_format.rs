//! Rows in either form: which one is found from the first bytes; and written in
//! the form asked for.

mod form;
mod list;
mod write;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::encoding::{self, BUFFER, Input};
use super::json::array::{Items, Start};
use super::{Columns, Error, MAX_ROW_BYTES, Row, csv, json, parquet};

use self::list::List;
pub use form::Form;
pub use write::Writer;

/// Why a row could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// This row only: the next call goes on after it.
    /// The line is 0 for a row that came from no input.
    Row { line: u64, what: Cause },
    /// The input itself.
    Input(io::Error),
}

/// What is wrong with a row: an [`Error`], or that of the tool which made it.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

impl ReadError {
    pub fn row(line: u64, what: impl Into<Cause>) -> ReadError {
        ReadError::Row { line, what: what.into() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Row { line: 0, what } => write!(f, "{what}"),
            ReadError::Row { line, what } => write!(f, "line {line}: {what}"),
            ReadError::Input(error) => write!(f, "cannot read rows: {error}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads rows of either form.
pub struct Reader {
    form: Form,
    source: RowSource,
}

enum RowSource {
    Csv(Box<csv::Reader<Input>>),
    Jsonl(Lines),
    Array(Elements),
    List(List),
    Parquet(Box<parquet::Reader>),
}

/// A JSON array, or a GeoJSON collection.
struct Elements {
    items: Items,
    parser: json::Parser,
}

struct Lines {
    input: Input,
    parser: json::Parser,
    line: Vec<u8>,
    number: u64,
}

impl Reader {
    /// Looks at the first bytes and, in CSV, reads the header.
    pub fn new(input: impl Read + Send + 'static) -> Result<Reader, ReadError> {
        let (start, input) =
            encoding::open(input).and_then(first_lines).map_err(ReadError::Input)?;
        if start.starts_with(parquet::MAGIC) {
            return Err(ReadError::Input(io::Error::other(NO_FILE)));
        }
        if let Some(kind) = Start::from_bytes(&start) {
            let items = Items::new(input, kind).map_err(ReadError::Input)?;
            let source = RowSource::Array(Elements { items, parser: json::Parser::default() });
            return Ok(Reader { form: Form::Jsonl, source });
        }
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Ok(Reader::jsonl(input)),
            _ => {
                let source = match List::of(&start, input) {
                    Ok(list) => RowSource::List(list),
                    Err(input) => RowSource::Csv(Box::new(csv::Reader::new(input, &start)?)),
                };
                Ok(Reader { form: Form::Csv, source })
            }
        }
    }

    /// Reads JSON lines, whatever the first one looks like.
    pub fn of_lines(input: impl Read + Send + 'static) -> Reader {
        Reader::jsonl(Box::new(BufReader::with_capacity(BUFFER, input)))
    }

    /// The same of a file, which may be Parquet too.
    pub fn of_file(mut file: File) -> Result<Reader, ReadError> {
        if parquet::is(&mut file) { Reader::of_parquet(file) } else { Reader::new(file) }
    }

    /// Reads Parquet, which is passed on as CSV unless another form is asked for.
    pub fn of_parquet(file: File) -> Result<Reader, ReadError> {
        let reader = parquet::Reader::open(file);
        let reader = reader.map_err(|error| ReadError::Input(io::Error::other(error)))?;
        Ok(Reader { form: Form::Csv, source: RowSource::Parquet(Box::new(reader)) })
    }

    fn jsonl(input: Input) -> Reader {
        let lines = Lines { input, parser: json::Parser::default(), line: Vec::new(), number: 0 };
        Reader { form: Form::Jsonl, source: RowSource::Jsonl(lines) }
    }

    pub fn form(&self) -> Form {
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

    /// Whether rows may name further columns.
    pub fn is_open(&self) -> bool {
        match &self.source {
            RowSource::Csv(reader) => reader.is_open(),
            RowSource::Jsonl(_) | RowSource::Array(_) => true,
            RowSource::List(_) | RowSource::Parquet(_) => false,
        }
    }

    /// What of the input the user should know, told once.
    pub fn notes(&mut self) -> Vec<String> {
        match &mut self.source {
            RowSource::Csv(reader) => std::mem::take(&mut reader.notes),
            RowSource::List(list) => list.note().into_iter().collect(),
            RowSource::Jsonl(_) | RowSource::Array(_) | RowSource::Parquet(_) => Vec::new(),
        }
    }

    /// How many rows there are, where that is known before the first one.
    pub fn total(&self) -> Option<u64> {
        match &self.source {
            RowSource::Parquet(reader) => Some(reader.total()),
            RowSource::Csv(_) | RowSource::Jsonl(_) | RowSource::Array(_) | RowSource::List(_) => {
                None
            }
        }
    }

    /// Reads the next row; false at the end. After [`ReadError::Row`] the next
    /// call goes on with the row after it.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        match &mut self.source {
            RowSource::Csv(reader) => reader.read(row),
            RowSource::Jsonl(lines) => lines.read(row),
            RowSource::Array(elements) => elements.read(row),
            RowSource::List(list) => list.read(row),
            RowSource::Parquet(reader) => reader.read(row),
        }
    }

    /// Reads to the end for the columns that the rows name; what is no row is
    /// left to the reading proper.
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

    /// The next row as a value of its own.
    pub fn next_row(&mut self) -> Option<Result<Row, ReadError>> {
        // Those that the rows share: a list of its own for each row would cost more than the row.
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

impl Elements {
    fn look_through(&mut self) -> Result<(), ReadError> {
        while let Some((_, text)) = self.items.next_item().map_err(ReadError::Input)? {
            let _ = text.and_then(|text| self.parser.look(text));
        }
        Ok(())
    }

    fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        while let Some((line, text)) = self.items.next_item().map_err(ReadError::Input)? {
            row.line = line;
            let read = text.and_then(|text| self.parser.read(text, row));
            if read.map_err(|what| ReadError::row(line, what))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Lines {
    fn look_through(&mut self) -> Result<(), ReadError> {
        while self.next_line()? {
            if let Ok(text) = std::str::from_utf8(&self.line) {
                let _ = self.parser.look(text);
            }
        }
        Ok(())
    }

    fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        while self.next_line()? {
            let wrong = |what: Error| ReadError::row(self.number, what);
            let text = std::str::from_utf8(&self.line)
                .map_err(|error| wrong(Error::LineNotUtf8 { at: error.valid_up_to() }))?;
            row.line = self.number;
            if self.parser.read(text, row).map_err(wrong)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads the next line; false at the end.
    fn next_line(&mut self) -> Result<bool, ReadError> {
        self.line.clear();
        self.number += 1;
        let mut bounded = (&mut self.input).take(MAX_ROW_BYTES as u64 + 1);
        if bounded.read_until(b'\n', &mut self.line).map_err(ReadError::Input)? == 0 {
            return Ok(false);
        }
        if self.line.len() > MAX_ROW_BYTES {
            self.input.skip_until(b'\n').map_err(ReadError::Input)?;
            return Err(ReadError::row(self.number, Error::LongRow { last_line: None }));
        }
        Ok(true)
    }
}

const NO_FILE: &str = "Parquet is read from its end: give a file by its name, not a pipe";

/// Longer first lines are told from their beginning.
const MAX_START: usize = 1 << 20;

/// The first line that says something, and the blank ones before it, with the
/// input as it was. A brace alone says nothing yet.
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
