//! The records of a CSV file, each with its line number. Records that are too long or not UTF-8 are skipped
//! with an error.

use std::io::BufRead;

use super::bounded::{self, Bounded, End};
use crate::row::Error;
use crate::row::row_format::ReadError;

/// Reads the records one by one.
pub struct Records<R> {
    parser: csv::Reader<Bounded<R>>,
    separator: u8,
    /// Lines that the parser does not count: a line that names the separator, and one more where lines end in
    /// CR LF, because the parser then counts one line late.
    late: u64,
    has_cr: bool,
}

impl<R: BufRead> Records<R> {
    /// Reads the first record, which shows how lines end. `lines_above` were consumed before it.
    pub fn new(
        input: Bounded<R>,
        separator: u8,
        lines_above: u64,
        first: &mut csv::StringRecord,
    ) -> Result<Self, ReadError> {
        let mut parser = parser(input, separator);
        read_record(&mut parser, first, lines_above)?;
        if bounded::end_of(first) == End::Quote {
            return Err(unclosed(first, 1 + lines_above));
        }
        let has_cr = parser.position().line() == 1;
        Ok(Records { parser, separator, late: u64::from(has_cr) + lines_above, has_cr })
    }

    /// Reads the next record and returns its line number; `None` at the end. After an error in a row, the next
    /// call continues with the line after it.
    pub fn read(&mut self, record: &mut csv::StringRecord) -> Result<Option<u64>, ReadError> {
        self.parser.get_mut().restart();
        let start = self.parser.position().line() + self.late;
        match read_record(&mut self.parser, record, self.late) {
            Ok(true) => {}
            Err(ReadError::Input(_)) if self.parser.get_ref().is_over() => {
                return Err(self.pass_over(start));
            }
            ended => return ended.map(|_| None),
        }
        let line = record.position().map_or(0, |position| position.line() + self.late);
        if bounded::end_of(record) == End::Quote {
            return Err(unclosed(record, line));
        }
        Ok(Some(line))
    }

    /// Skips a row that is too long; reading continues with the next line.
    fn pass_over(&mut self, start: u64) -> ReadError {
        let last = self.parser.position().line() + self.late - u64::from(self.has_cr);
        match self.parser.get_mut().behind_line(self.has_cr) {
            Ok(Some(rest)) => self.parser = parser(rest, self.separator),
            Ok(None) => {}
            Err(error) => return ReadError::Input(error),
        }
        self.late = last;
        ReadError::row(start, Error::LongRow { last_line: (last > start).then_some(last) })
    }
}

/// The error for a last row whose quote is still open at the end of the table.
fn unclosed(record: &csv::StringRecord, line: u64) -> ReadError {
    ReadError::row(line, Error::OpenQuote { lines_below_it: bounded::lines_below(record) })
}

/// A CSV parser that accepts rows of any length and treats no row as a header.
fn parser<R: BufRead>(input: Bounded<R>, separator: u8) -> csv::Reader<Bounded<R>> {
    let mut builder = csv::ReaderBuilder::new();
    builder.flexible(true).has_headers(false).delimiter(separator).from_reader(input)
}

/// False at the end of the input. `late` is the number of lines that the parser does not count.
fn read_record<R: BufRead>(
    parser: &mut csv::Reader<Bounded<R>>,
    record: &mut csv::StringRecord,
    late: u64,
) -> Result<bool, ReadError> {
    let is_there = parser.read_record(record).map_err(|error| match error.kind() {
        csv::ErrorKind::Utf8 { pos, err } => {
            let line = pos.as_ref().map_or(0, |pos| pos.line() + late);
            ReadError::row(line, Error::CellNotUtf8 { cell: err.field() + 1 })
        }
        _ => ReadError::Input(error.into()),
    })?;
    if is_there && bounded::end_of(record) == End::Table {
        record.clear();
        return Ok(false);
    }
    Ok(is_there)
}
