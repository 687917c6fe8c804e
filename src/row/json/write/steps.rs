//! The members of a JSON line: which of them are written for a row, and how.

use crate::row::json::lex;
use crate::row::known_fields::parts;
use crate::row::{Row, Type};

/// One step in writing a row. Steps are computed once for all rows with the same columns.
pub(super) enum WriteStep {
    /// A single value.
    Value(ObjectMember),
    /// An object of several columns, or a point of two.
    NestedGroup(NestedGroup),
    /// A column of the table, written on its own to keep its position, which a point, or an object without
    /// values, would lose. It is written only if the members at these indices, which share its object, are all
    /// empty.
    Place(ObjectMember, Vec<usize>),
    /// A value that the columns of an object cannot hold, and whether any of these is a column of the table.
    Whole(ObjectMember, bool),
}

/// A member of a JSON object. The key is quoted and ends with a colon.
pub(super) struct ObjectMember {
    pub key: Vec<u8>,
    pub at: usize,
    pub kind: Type,
    /// Whether it is a column of the table, so that every line has it.
    pub is_asked: bool,
}

pub(super) struct NestedGroup {
    pub key: Vec<u8>,
    pub members: Vec<ObjectMember>,
    /// The same members under their flat names.
    pub flat: Vec<ObjectMember>,
    pub is_point: bool,
    /// The index of the column for a value that these columns cannot hold; if it is set, it gets the key.
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
    /// Whether the line has this key, with or without a value.
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

    /// An empty value is written as an empty string, because null would name the columns of the object. It is
    /// left out if the object may be written under the same key.
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

/// Writes a text that does not have its column's type as a string: nothing is lost, and whoever uses the column
/// reports the error.
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
