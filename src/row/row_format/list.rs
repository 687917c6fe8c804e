//! A list without a header: ids or links, one per line. It reads as a table with one column.

use std::sync::Arc;

use crate::row::encoding::Input;
use crate::row::known_fields::Field;
use crate::row::{Columns, Row};
use crate::value::{mapillary_url, picture_id};

use super::ReadError;
use super::bounded_lines::BoundedLines;

/// The lines of a list.
pub struct List {
    lines: BoundedLines,
    field: Field,
    columns: Arc<Columns>,
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
                let (lines, columns) = (BoundedLines::new(input), Columns::from_fields(&[field]));
                Ok(List { lines, field, columns, is_told: false })
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
        while let Some((number, text)) = self.lines.next_line()? {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            *row = Row::new(Arc::clone(&self.columns));
            row.line = number;
            // A line that is not an id is left to the tool, which reports it.
            row.set(self.field, mapillary_url::picture(text).unwrap_or(text));
            return Ok(true);
        }
        Ok(false)
    }
}

/// What kind of id a line holds.
fn field(line: &str) -> Option<Field> {
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_sequence = line.len() == SEQUENCE_LENGTH
        && line.bytes().all(is_key)
        && line.bytes().any(|byte| byte.is_ascii_digit())
        && Field::named(line).is_none();
    if picture_id::read(line).is_ok() || mapillary_url::is_link(line) {
        Some(Field::ImgId)
    } else {
        is_sequence.then_some(Field::SeqId)
    }
}

#[cfg(test)]
mod tests;
