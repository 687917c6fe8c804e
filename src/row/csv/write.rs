//! Rows to CSV, under one header.

use std::sync::Arc;

use super::MORE;
use super::unfold::object;
use crate::row::{Column, Columns, Row, json};

/// Writes row after row under one header.
pub struct Writer {
    header: Vec<Column>,
    omit: Vec<Column>,
    more: bool,
    places: Option<(Arc<Columns>, Vec<usize>, Vec<usize>)>,
}

impl Writer {
    /// `more` says that names beyond the header may turn up. Where they did
    /// before, they may again.
    pub fn new(header: &[Column], omit: &[Column], more: bool) -> Writer {
        let more = more || header.iter().any(|column| &*column.name == MORE);
        let header: Vec<Column> =
            header.iter().filter(|c| !omit.contains(c) && &*c.name != MORE).cloned().collect();
        Writer { header, omit: omit.to_vec(), more, places: None }
    }

    /// Appends the header line.
    pub fn header(&self, into: &mut Vec<u8>) {
        let start = into.len();
        let more = self.more.then_some(MORE);
        for name in self.header.iter().map(|column| &*column.name).chain(more) {
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
        if !self.places.as_ref().is_some_and(|(columns, ..)| Arc::ptr_eq(columns, row.columns())) {
            self.places = Some(self.places_in(row.columns()));
        }
        let Some((_, places, rest)) = &self.places else { return };
        let start = into.len();
        for &at in places {
            cell(row.cell(at), into);
            into.push(b',');
        }
        if self.more {
            if rest.iter().any(|&at| !row.cell(at).is_empty()) {
                cell(&folded(row, rest), into);
            }
            into.push(b',');
        }
        end_line(start, into);
    }

    fn places_in(&self, columns: &Arc<Columns>) -> (Arc<Columns>, Vec<usize>, Vec<usize>) {
        let places =
            self.header.iter().map(|column| columns.place(column).unwrap_or(usize::MAX)).collect();
        let is_rest =
            |column: &Column| !self.header.contains(column) && !self.omit.contains(column);
        let rest = (0..columns.list().len()).filter(|&at| is_rest(&columns.list()[at])).collect();
        (Arc::clone(columns), places, rest)
    }
}

/// What is under names beyond the header, as one object. A text that came
/// under `more` and is no object stays what it is.
fn folded(row: &Row, places: &[usize]) -> String {
    let list = row.columns().list();
    let filled: Vec<usize> =
        places.iter().copied().filter(|&at| !row.cell(at).is_empty()).collect();
    if let [only] = filled[..]
        && &*list[only].name == MORE
        && object(MORE, row.cell(only)).is_none()
    {
        return row.cell(only).to_string();
    }
    let mut rest = Row::new(Columns::from_fields(&[]));
    for at in filled {
        rest.set_column(&list[at], row.cell(at), row.is_raw(at));
    }
    let mut line = Vec::new();
    json::Writer::new(&[], &[]).write(&rest, &mut line);
    String::from_utf8_lossy(&line).trim_end().to_string()
}

fn cell(text: &str, into: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r')) {
        return into.extend_from_slice(bytes);
    }
    quoted(text, into);
}

/// Whether a name is safe from being taken for JSON, for another separator or
/// another encoding where it stands first.
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

/// Ends the line that began at `start`. One with nothing in it would be taken
/// for a blank one.
fn end_line(start: usize, into: &mut Vec<u8>) {
    if into.len() == start + 1 {
        into.splice(start..start, *b"\"\"");
    }
    match into.last_mut() {
        Some(last @ b',') => *last = b'\n',
        _ => into.push(b'\n'),
    }
}
