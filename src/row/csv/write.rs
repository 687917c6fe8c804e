//! Writes rows as CSV.

use crate::row::layout::Layout;
use crate::row::{Column, Row};

/// Writes rows one by one under one header.
pub struct Writer {
    layout: Layout,
}

impl Writer {
    /// `more` means that a row may have columns that are not in the header.
    pub fn new(header: &[Column], omit: &[Column], more: bool) -> Writer {
        Writer { layout: Layout::new(header, omit, more) }
    }

    /// Appends the header line.
    pub fn header(&self, into: &mut Vec<u8>) {
        let start = into.len();
        for name in self.layout.names() {
            if is_plain(name) {
                cell(name, into);
            } else {
                quoted(name, into);
            }
            into.push(b',');
        }
        end_line(start, into);
    }

    /// Appends the row.
    pub fn write(&mut self, row: &Row, into: &mut Vec<u8>) {
        let more = self.layout.more;
        let places = self.layout.places(row);
        let start = into.len();
        for &at in &places.header {
            cell(row.cell(at), into);
            into.push(b',');
        }
        if more {
            cell(&places.more(row), into);
            into.push(b',');
        }
        end_line(start, into);
    }
}

fn cell(text: &str, into: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r')) {
        return into.extend_from_slice(bytes);
    }
    quoted(text, into);
}

/// Whether a name at the start of the file cannot be mistaken for JSON, another separator or another encoding.
fn is_plain(name: &str) -> bool {
    let is_safe = |character: char| !character.is_control() && !";\u{feff}".contains(character);
    name.chars().all(is_safe) && !name.starts_with(['{', '[']) && !name.starts_with("sep=")
}

fn quoted(text: &str, into: &mut Vec<u8>) {
    into.push(b'"');
    for part in text.split_inclusive('"') {
        into.extend_from_slice(part.as_bytes());
        if part.ends_with('"') {
            into.push(b'"');
        }
    }
    into.push(b'"');
}

/// Ends the line that began at `start`. An empty line would be read as a blank one, so it gets quotes.
fn end_line(start: usize, into: &mut Vec<u8>) {
    if into.len() == start + 1 {
        into.splice(start..start, *b"\"\"");
    }
    match into.last_mut() {
        Some(last @ b',') => *last = b'\n',
        _ => into.push(b'\n'),
    }
}
