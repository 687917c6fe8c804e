//! A list without a header: ids or links, one per line. It reads as a table with one column.

use std::io::{BufRead, Read};
use std::sync::Arc;

use crate::row::encoding::Input;
use crate::row::names::Field;
use crate::row::{Columns, Error, MAX_ROW_BYTES, Row};
use crate::value::{link, picture_id};

use super::ReadError;

/// The lines of a list.
pub struct List {
    input: Input,
    field: Field,
    columns: Arc<Columns>,
    line: Vec<u8>,
    number: u64,
    is_told: bool,
}

/// The number of letters in a sequence key.
const SEQUENCE_LENGTH: usize = 22;

impl List {
    /// Whether the first line with content is the first item of a list and not a header: no column name is a
    /// number or a link, or looks like a sequence key.
    pub fn of(start: &[u8], input: Input) -> Result<List, Input> {
        let text = String::from_utf8_lossy(start);
        match text.lines().map(str::trim).find(|line| !line.is_empty()).and_then(field) {
            None => Err(input),
            Some(field) => {
                let (columns, line) = (Columns::from_fields(&[field]), Vec::new());
                Ok(List { input, field, columns, line, number: 0, is_told: false })
            }
        }
    }

    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// What the lines were recognized as.
    pub fn note(&mut self) -> Option<String> {
        let what = if self.field == Field::SeqId { "sequences" } else { "pictures" };
        let is_told = std::mem::replace(&mut self.is_told, true);
        (!is_told).then(|| format!("the input has no header: its lines are taken for {what}"))
    }

    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        loop {
            self.line.clear();
            self.number += 1;
            let mut bounded = (&mut self.input).take(MAX_ROW_BYTES as u64 + 1);
            if bounded.read_until(b'\n', &mut self.line).map_err(ReadError::Input)? == 0 {
                return Ok(false);
            }
            let wrong = |what| ReadError::row(self.number, what);
            if self.line.len() > MAX_ROW_BYTES {
                self.input.skip_until(b'\n').map_err(ReadError::Input)?;
                return Err(wrong(Error::LongRow { last_line: None }));
            }
            let text = std::str::from_utf8(&self.line)
                .map_err(|error| wrong(Error::LineNotUtf8 { at: error.valid_up_to() }))?;
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            *row = Row::new(Arc::clone(&self.columns));
            row.line = self.number;
            // A line that is not an id is left to the tool, which reports it.
            row.set(self.field, link::picture(text).unwrap_or(text));
            return Ok(true);
        }
    }
}

/// What kind of id a line holds.
fn field(line: &str) -> Option<Field> {
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_sequence = line.len() == SEQUENCE_LENGTH
        && line.bytes().all(is_key)
        && line.bytes().any(|byte| byte.is_ascii_digit())
        && Field::named(line).is_none();
    if picture_id::read(line).is_ok() || link::is_link(line) {
        Some(Field::ImgId)
    } else {
        is_sequence.then_some(Field::SeqId)
    }
}

#[cfg(test)]
mod tests;
