//! Opens input as rows: detects the format from the first bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use super::bounded_lines::BoundedLines;
use super::json_rows::{Elements, Lines};
use super::list::List;
use super::{ReadError, Reader, RowFormat, RowSource, other_format};
use crate::row::encoding::{self, BUFFER, Input};
use crate::row::json::array::{Items, Start};
use crate::row::{csv, json, parquet};

const NO_FILE: &str = "Parquet is read from its end: give a file by its name, not a pipe";

/// The members of a collection before its features are shorter, in lines of their own.
const MAX_OPEN: usize = 16 << 10;

/// Longer first lines are recognized by their first bytes.
const MAX_START: usize = 1 << 20;

impl Reader {
    /// Detects the format from the first bytes and, in CSV, reads the header.
    pub fn new(input: impl Read + Send + 'static) -> Result<Reader, ReadError> {
        let (start, input) =
            encoding::open(input).and_then(first_lines).map_err(ReadError::Input)?;
        Reader::from_start(start, input)
    }

    /// Like [`Reader::new`], for CSV whose header is missing and is given here. The input may have the header
    /// all the same, as the first of many parts does. JSON names its columns itself.
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
        let mut reader = csv::Reader::new(input, &start)?;
        reader.lines_above = 1;
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

    /// Like [`Reader::new`], for a file, which may also be Parquet.
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
        let lines = Lines { lines: BoundedLines::new(input), parser: json::Parser::default() };
        Reader { form: RowFormat::Jsonl, source: RowSource::Jsonl(lines), lines_above: 0 }
    }
}

/// The header of a CSV file; none for other formats.
pub fn header(input: impl Read + Send + 'static) -> io::Result<Option<String>> {
    let (start, _) = encoding::open(input).and_then(first_lines)?;
    let line = String::from_utf8_lossy(&start).trim().to_string();
    let is_binary = start.contains(&0);
    Ok((!line.is_empty() && !is_binary && !line.starts_with(['{', '['])).then_some(line))
}

/// The first line with content and the blank lines before it, without consuming them. A lone brace is not
/// enough to detect the format, nor are the first members of an object that goes on, so more lines are read.
fn first_lines(mut input: Input) -> io::Result<(Vec<u8>, Input)> {
    let mut start = Vec::new();
    loop {
        let left = (MAX_START - start.len()) as u64;
        let read = (&mut input).take(left).read_until(b'\n', &mut start)?;
        let says = start.iter().any(|byte| !byte.is_ascii_whitespace() && !b"{[".contains(byte));
        let is_open = start.len() < MAX_OPEN && Start::is_open(&start);
        if says && !is_open || read == 0 {
            let input: Input = Box::new(io::Cursor::new(start.clone()).chain(input));
            return Ok((start, input));
        }
    }
}
