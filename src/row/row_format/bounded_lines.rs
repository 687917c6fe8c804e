//! Lines of an input with their numbers, each of limited length.

use std::io::{BufRead, Read};

use super::ReadError;
use crate::row::encoding::Input;
use crate::row::{Error, MAX_ROW_BYTES};

/// Reads the lines one by one.
pub struct BoundedLines {
    input: Input,
    line: Vec<u8>,
    number: u64,
}

impl BoundedLines {
    pub fn new(input: Input) -> BoundedLines {
        BoundedLines { input, line: Vec::new(), number: 0 }
    }

    /// The number and the text of the next line; `None` at the end. After an error in a row, the next call
    /// continues with the line after it.
    pub fn next_line(&mut self) -> Result<Option<(u64, &str)>, ReadError> {
        self.line.clear();
        self.number += 1;
        let mut bounded = (&mut self.input).take(MAX_ROW_BYTES as u64 + 1);
        if bounded.read_until(b'\n', &mut self.line).map_err(ReadError::Input)? == 0 {
            return Ok(None);
        }
        let wrong = |what| ReadError::row(self.number, what);
        if self.line.len() > MAX_ROW_BYTES {
            // Behind the end of the line is the next row.
            if !self.line.ends_with(b"\n") {
                self.input.skip_until(b'\n').map_err(ReadError::Input)?;
            }
            return Err(wrong(Error::LongRow { last_line: None }));
        }
        let text = std::str::from_utf8(&self.line)
            .map_err(|error| wrong(Error::LineNotUtf8 { at: error.valid_up_to() }))?;
        Ok(Some((self.number, text)))
    }
}
