//! Formats in which rows name their own columns: JSON lines, the elements of an array, the features of a
//! collection.

use crate::row::json::array::Items;
use crate::row::{Row, json};

use super::ReadError;
use super::bounded_lines::BoundedLines;

/// A JSON array, or a GeoJSON collection.
pub struct Elements {
    pub items: Items,
    pub parser: json::Parser,
}

/// One object per line.
pub struct Lines {
    pub lines: BoundedLines,
    pub parser: json::Parser,
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
        loop {
            match self.lines.next_line() {
                Ok(Some((_, text))) => {
                    let _ = self.parser.look(text);
                }
                Ok(None) => return Ok(()),
                Err(ReadError::Row { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the next row; false at the end.
    pub fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        while let Some((number, text)) = self.lines.next_line()? {
            row.line = number;
            if self.parser.read(text, row).map_err(|what| ReadError::row(number, what))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
