//! Reads CSV as rows: any separator and line ending, duplicate names, composite cells, concatenated files.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use super::bounded::Bounded;
use super::composite_cells::{SeenColumns, put, unfold};
use super::dialect;
use super::header::{self, Header, Slot};
use super::records::Records;
use crate::row::json::lex;
use crate::row::row_format::ReadError;
use crate::row::{Columns, Error, MAX_ROW_BYTES, Row};
use crate::value::shown;

/// Reads the rows of a table one by one.
pub struct Reader<R> {
    records: Records<R>,
    record: csv::StringRecord,
    columns: Arc<Columns>,
    slots: Vec<Slot>,
    /// The slots of a line that has each duplicate name only once.
    short: Option<Vec<Slot>>,
    /// Whether each cell belongs to the column at the same index, so that a line is copied without a lookup.
    plain: bool,
    seen: SeenColumns,
    /// The first name of the header, by which a repeated header is recognized.
    first: String,
    /// Warnings for the user, each once.
    pub notes: Vec<String>,
    /// Lines that are not in the user's file, such as a header that was given apart: messages do not count them.
    pub lines_above: u64,
    has_blank: bool,
    has_doubles: bool,
    /// Evidence that the first line is a row and not a header.
    value_in_header: Option<String>,
}

impl<R: BufRead> Reader<R> {
    /// `start` is the beginning of the input; it is not yet consumed.
    pub fn new(input: R, start: &[u8]) -> Result<Self, ReadError> {
        Reader::bounded(input, start, MAX_ROW_BYTES)
    }

    fn bounded(mut input: R, start: &[u8], most: usize) -> Result<Self, ReadError> {
        let (separator, skipped) = dialect::detect(start);
        io::copy(&mut (&mut input).take(skipped as u64), &mut io::sink())
            .map_err(ReadError::Input)?;
        let mut header = csv::StringRecord::new();
        let input = Bounded::new(input, most);
        let lines_above = u64::from(skipped > 0);
        let records = Records::new(input, separator, lines_above, &mut header)?;
        let slots = Header::new(&header);
        if slots.is_too_wide {
            let error = Error::TooManyColumns { found: header.len() };
            return Err(ReadError::row(1 + lines_above, error));
        }
        Ok(Reader {
            records,
            plain: slots.short.is_none() && !slots.is_folded(),
            seen: SeenColumns::new(&slots),
            columns: slots.columns,
            slots: slots.all,
            short: slots.short,
            value_in_header: header::value_in(&header).map(String::from),
            first: header.get(0).unwrap_or_default().trim().to_string(),
            record: header,
            notes: Vec::new(),
            lines_above: 0,
            has_blank: false,
            has_doubles: false,
        })
    }

    /// The columns known so far; of a composite column, only those that were needed.
    pub fn columns(&self) -> Arc<Columns> {
        self.seen.columns(&self.columns)
    }

    /// Evidence that the first line is a row and not a header.
    pub fn value_in_header(&self) -> Option<&str> {
        self.value_in_header.as_deref()
    }

    /// All columns that a row may have.
    pub fn all(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// Whether more columns may be found, in composite cells.
    pub fn is_open(&self) -> bool {
        self.seen.is_open()
    }

    /// Reads the next row; false at the end. After an error in a row, the next call continues with the line
    /// after it.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        loop {
            let Some(line) = self.records.read(&mut self.record)? else { return Ok(false) };
            if !self.is_blank(line) && !self.is_header(line)? {
                return self.take(line, row).map(|()| true);
            }
        }
    }

    fn take(&mut self, line: u64, row: &mut Row) -> Result<(), ReadError> {
        row.restart(&self.columns, line);
        if is_json_line(&self.record, &self.columns) {
            return Err(ReadError::row(line, Error::JsonInCsv));
        }
        if self.plain && self.record.len() == self.slots.len() {
            row.cells.extend_from_record(&self.record);
            return Ok(());
        }
        let slots = self.slots_for(line)?;
        self.fill(&slots, row).map_err(|what| ReadError::row(line, what))
    }

    /// Whether the line consists of separators only, as Excel writes below a table.
    fn is_blank(&mut self, line: u64) -> bool {
        let is = self.record.as_slice().is_empty() && self.record.len() > 1;
        if is && !std::mem::replace(&mut self.has_blank, true) {
            self.note(line, "a line with only separators is not a row");
        }
        is
    }

    /// Whether the line is a header, as in the middle of concatenated files. Its column order applies from here
    /// on.
    fn is_header(&mut self, line: u64) -> Result<bool, ReadError> {
        let first = self.record.iter().find(|cell| !cell.is_empty()).unwrap_or_default();
        if !may_be_name(first, &self.first) || !header::is(&self.record, &self.columns) {
            return Ok(false);
        }
        let header = Header::new(&self.record);
        let lacking = header.columns.list().iter().filter(|c| self.columns.place(c).is_none());
        let mut lacking = lacking.map(|column| column_label(&column.name)).peekable();
        if lacking.peek().is_some() {
            let lacking = shown::list(lacking);
            return Err(ReadError::Input(io::Error::other(format!(
                "line {}: another header, with columns that the first lacks: {lacking}; give \
                 the tables one after the other",
                line - self.lines_above
            ))));
        }
        let slots = header.slots_in(&self.columns);
        let is_same = slots == self.slots;
        self.note(
            line,
            if is_same {
                "the header comes again, and is not a row"
            } else {
                "the header comes again, in another order, which counts from here"
            },
        );
        if !is_same {
            self.plain = false;
            (self.slots, self.short) = (slots, None);
        }
        Ok(true)
    }

    fn note(&mut self, line: u64, words: &str) {
        self.notes.push(format!("line {}: {words}", line - self.lines_above));
    }

    fn slots_for(&mut self, line: u64) -> Result<Vec<Slot>, ReadError> {
        let found = self.record.len();
        if found == self.slots.len() {
            return Ok(self.slots.clone());
        }
        match self.short.clone() {
            Some(short) if found == short.len() => {
                if !std::mem::replace(&mut self.has_doubles, true) {
                    self.note(line, "the header names some columns twice and the rows leave the doubles out; read so");
                }
                Ok(short)
            }
            _ => Err(ReadError::row(line, Error::CellCount { found, header: self.slots.len() })),
        }
    }

    fn fill(&mut self, slots: &[Slot], row: &mut Row) -> Result<(), Error> {
        for (slot, text) in slots.iter().zip(&self.record) {
            match slot {
                _ if text.is_empty() => {}
                Slot::Column(at) => put(row, &self.columns.list()[*at], text, false)?,
                Slot::Folded(name) => unfold(row, name, text)?,
            }
        }
        self.seen.look(row);
        Ok(())
    }
}

/// Whether a line is an object, as in JSON lines behind a table, that was cut into cells at its commas. A cell with a
/// whole object is a value.
///
/// A list of ids holds no objects.
fn is_json_line(record: &csv::StringRecord, columns: &Columns) -> bool {
    let Some(first) = record.get(0).filter(|cell| cell.starts_with("{\"")) else { return false };
    let is_list = || matches!(columns.list(), [column] if column.field.is_some());
    if record.len() == 1 {
        return is_list() && lex::object(first.as_bytes(), 0, 0, &mut |_, _, _| {}).is_ok();
    }
    let ends_as_object = |cell: &str| cell.trim_end().ends_with('}');
    record.iter().next_back().is_some_and(ends_as_object)
        && lex::object(first.as_bytes(), 0, 0, &mut |_, _, _| {}).is_err()
}

/// The name of a column in a message.
fn column_label(name: &str) -> &str {
    if name.is_empty() { "a column without a name" } else { name }
}

/// Whether a text may be the start of a header: a cheap test that most texts fail.
fn may_be_name(text: &str, first: &str) -> bool {
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match text.as_bytes() {
        [b'a'..=b'z', rest @ ..] => rest.iter().all(|&byte| is_lower(byte)) || text == first,
        [b'0'..=b'9', ..] | [] => false,
        _ => text.trim_start_matches('\u{feff}') == first || text.starts_with('\u{feff}'),
    }
}

#[cfg(test)]
mod tests;
