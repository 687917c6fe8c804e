//! The members of a line: which of them a row names, and how each is written.

use crate::row::json::lex;
use crate::row::names::parts;
use crate::row::{Row, Type};

/// One step of writing a row, worked out once for rows of the same columns.
pub(super) enum WriteStep {
    /// A value of its own.
    Value(ObjectMember),
    /// An object of several columns, or a point of two.
    NestedGroup(NestedGroup),
    /// A column of the table at its own place, where a point, or an object
    /// without values, would not give that back. These are the members that it
    /// is not named beside.
    Place(ObjectMember, Vec<usize>),
    /// What an object's own columns cannot hold, and whether these are of the table.
    Whole(ObjectMember, bool),
}

/// The key stands quoted, with its colon.
pub(super) struct ObjectMember {
    pub key: Vec<u8>,
    pub at: usize,
    pub kind: Type,
    /// Whether it is of the table, so that all lines name it.
    pub is_asked: bool,
}

pub(super) struct NestedGroup {
    pub key: Vec<u8>,
    pub members: Vec<ObjectMember>,
    /// The same by their flat names.
    pub flat: Vec<ObjectMember>,
    pub is_point: bool,
    /// Where a row has what these columns cannot hold: it takes the key.
    pub whole: usize,
}

impl WriteStep {
    pub fn write(&self, row: &Row, into: &mut Vec<u8>) {
        match self {
            WriteStep::Value(member) => member.write(row, into),
            WriteStep::Place(member, beside) => {
                if beside.iter().all(|&at| row.cell(at).is_empty()) {
                    member.write(row, into);
                }
            }
            WriteStep::NestedGroup(group) => group.write(row, into),
            WriteStep::Whole(member, has_parts) => member.write_whole(row, *has_parts, into),
        }
    }
}

pub(super) fn key(name: &str) -> Vec<u8> {
    let mut quoted = Vec::new();
    lex::quote(name, &mut quoted);
    quoted.push(b':');
    quoted
}

impl ObjectMember {
    /// Whether the line has its key, with a value or without.
    fn is_named(&self, row: &Row) -> bool {
        self.is_asked || row.names_at(self.at)
    }

    fn write(&self, row: &Row, into: &mut Vec<u8>) {
        let text = row.cell(self.at);
        if text.is_empty() && !self.is_named(row) {
            return;
        }
        into.extend_from_slice(&self.key);
        if text.is_empty() {
            into.extend_from_slice(b"null");
        } else {
            value(text, self.kind, row.is_raw(self.at), into);
        }
        into.push(b',');
    }

    /// Where it is empty an object may have its key. A null would name the
    /// columns of that object; an empty text names this one.
    fn write_whole(&self, row: &Row, has_parts: bool, into: &mut Vec<u8>) {
        let names_parts = || {
            let name = std::str::from_utf8(&self.key[1..self.key.len() - 2]).unwrap_or_default();
            parts(name).unwrap_or_default().iter().any(|&field| row.names(field))
        };
        match row.cell(self.at) {
            "" if !self.is_named(row) || has_parts || names_parts() => {}
            "" => {
                into.extend_from_slice(&self.key);
                into.extend_from_slice(b"\"\",");
            }
            _ => self.write(row, into),
        }
    }
}

/// A text that is not of its column's type is written as a string: nothing is
/// lost, and who reads the column says what is wrong.
fn value(text: &str, kind: Type, raw: bool, into: &mut Vec<u8>) {
    let bare = match kind {
        Type::Id => false,
        Type::Number => is_number(text),
        Type::Bool => text == "true" || text == "false",
        Type::Json => raw || is_json(text),
        Type::Text => raw,
    };
    if bare { into.extend_from_slice(text.as_bytes()) } else { lex::quote(text, into) }
}

fn is_number(text: &str) -> bool {
    lex::number(text.as_bytes()) == Some(text.len())
}

fn is_json(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes[0], b'{' | b'[')
        && !bytes.contains(&b'\n')
        && lex::value(bytes, 0, 1).is_ok_and(|(_, end)| end == bytes.len())
}

impl NestedGroup {
    fn write(&self, row: &Row, into: &mut Vec<u8>) {
        if !row.cell(self.whole).is_empty() {
            return self.flat.iter().for_each(|member| member.write(row, into));
        }
        if self.is_point {
            self.write_point(row, into);
        } else {
            self.write_object(row, into);
        }
    }

    fn write_object(&self, row: &Row, into: &mut Vec<u8>) {
        if !self.members.iter().any(|member| member.is_named(row)) {
            return;
        }
        into.extend_from_slice(&self.key);
        into.push(b'{');
        self.members.iter().for_each(|member| member.write(row, into));
        into.pop();
        into.extend_from_slice(b"},");
    }

    fn write_point(&self, row: &Row, into: &mut Vec<u8>) {
        let [lon, lat] = [0, 1].map(|i| self.flat.get(i).map_or("", |member| row.cell(member.at)));
        if !is_number(lon) || !is_number(lat) {
            return self.flat.iter().for_each(|member| member.write(row, into));
        }
        into.extend_from_slice(&self.key);
        into.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":[");
        into.extend_from_slice(lon.as_bytes());
        into.push(b',');
        into.extend_from_slice(lat.as_bytes());
        into.extend_from_slice(b"]},");
    }
}
