//! Reads the bytes of a JSON document, one value at a time.

use std::io::{self, BufRead};

use crate::row::MAX_ROW_BYTES;
use crate::row::encoding::Input;
use crate::row::json::lex;

/// The input and the current line number.
pub(super) struct Bytes {
    pub input: Input,
    pub line: u64,
}

impl Bytes {
    /// The next byte that is not white space, without consuming it.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let bytes = self.input.fill_buf()?;
            let blank = lex::blank(bytes, 0);
            let next = bytes.get(blank).copied();
            let is_over = bytes.is_empty();
            self.line += memchr::memchr_iter(b'\n', &bytes[..blank]).count() as u64;
            self.input.consume(blank);
            if next.is_some() || is_over {
                return Ok(next);
            }
        }
    }

    pub fn expect(&mut self, byte: u8) -> io::Result<()> {
        match self.peek()? {
            Some(found) if found == byte => {
                self.input.consume(1);
                Ok(())
            }
            Some(_) => Err(self.wrong(&format!("no '{}' where one belongs", char::from(byte)))),
            None => Err(self.wrong("unexpected end of input")),
        }
    }

    /// Reads the value that begins here to its end, whether it is well-formed or not.
    pub fn take_value(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        text.clear();
        let mut scan = Scan::default();
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Err(self.wrong("unexpected end of input"));
            }
            let end = scan.end(bytes);
            let taken = &bytes[..end.unwrap_or(bytes.len())];
            text.extend_from_slice(taken);
            self.line += memchr::memchr_iter(b'\n', taken).count() as u64;
            let length = taken.len();
            self.input.consume(length);
            match end {
                Some(_) => return Ok(()),
                None if text.len() > MAX_ROW_BYTES => {
                    let most = MAX_ROW_BYTES >> 20;
                    return Err(self.wrong(&format!("an element of more than {most} MB")));
                }
                None => {}
            }
        }
    }

    pub fn wrong(&self, what: &str) -> io::Error {
        io::Error::other(format!("line {}: {what}", self.line))
    }
}

/// Finds the end of a value that comes in several buffers.
#[derive(Default)]
struct Scan {
    depth: usize,
    is_string: bool,
    is_escaped: bool,
}

impl Scan {
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.is_string {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => self.is_string = false,
                    _ => {}
                }
                if !self.is_string && self.depth == 0 {
                    return Some(at + 1);
                }
                continue;
            }
            match byte {
                b'"' => self.is_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 => {
                    return Some(at);
                }
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
            if self.depth == 0 && matches!(byte, b'}' | b']') {
                return Some(at + 1);
            }
        }
        None
    }
}
