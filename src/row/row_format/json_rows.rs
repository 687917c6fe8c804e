//! Formats in which rows name their own columns: JSON lines, the elements of an array, the features of a
//! collection.

use std::io::{BufRead, Read};

use crate::row::encoding::Input;
use crate::row::json::array::Items;
use crate::row::{Error, MAX_ROW_BYTES, Row, json};

use super::ReadError;

/// A JSON array, or a GeoJSON collection.
pub struct Elements {
    pub items: Items,
    pub parser: json::Parser,
}

/// One object per line.
pub struct Lines {
    pub input: Input,
    pub parser: json::Parser,
    pub line: Vec<u8>,
    pub number: u64,
}

impl Elements {
    /// Reads to the end to collect the columns of all rows.
    pub fn look_through(&mut self) -> Result<(), ReadError> {
        while let Some((_, text)) = self.items.next_item().map_err(ReadError::Input)? {
            let _ = text.and_then(|text| self.parser.look(text));
        }
        Ok(())
    }

    /// Reads the next row; false at the end.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
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
    /// Reads to the end to collect the columns of all rows.
    pub fn look_through(&mut self) -> Result<(), ReadError> {
        while self.next_line()? {
            if let Ok(text) = std::str::from_utf8(&self.line) {
                let _ = self.parser.look(text);
            }
        }
        Ok(())
    }

    /// Reads the next row; false at the end.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
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
