//! A JSON array or a GeoJSON collection as rows, one element after the other:
//! only one is held at a time. Not other documents of JSON.

mod bytes;
mod first_object;

use std::io;

use bytes::Bytes;
use first_object::FirstObject;

use super::lex::{self, JsonKind};
use crate::row::encoding::Input;
use crate::row::{Error, Piece, point_parser};

/// The elements of a JSON array, or the features of a collection.
pub struct Items {
    bytes: Bytes,
    /// Whether the elements are GeoJSON features rather than rows.
    is_collection: bool,
    is_first: bool,
    is_over: bool,
    text: Vec<u8>,
    row: String,
}

/// The kind of document that begins here. JSON lines also begin with a brace.
pub enum Start {
    Array,
    Collection,
}

impl Start {
    /// Detects the kind from the first bytes. The header of a CSV table may begin with a bracket, but not with
    /// one that is followed by a JSON value.
    pub fn from_bytes(start: &[u8]) -> Option<Start> {
        let at = lex::blank(start, 0);
        let next = start.get(lex::blank(start, at + 1));
        match (start.get(at)?, next) {
            (b'[', None | Some(b'{' | b'[' | b']' | b'"' | b'-' | b'0'..=b'9')) => {
                Some(Start::Array)
            }
            (b'{', Some(b'"')) if first_object::kind(start, at + 1) == FirstObject::Collection => {
                Some(Start::Collection)
            }
            _ => None,
        }
    }

    /// Whether more lines may tell that it is a collection: an object that goes on, which a JSON line does not.
    pub fn is_open(start: &[u8]) -> bool {
        let at = lex::blank(start, 0);
        start.get(at) == Some(&b'{') && first_object::kind(start, at + 1) == FirstObject::Open
    }
}

impl Items {
    /// Skips to the first element.
    pub fn new(input: Input, start: Start) -> io::Result<Items> {
        let mut items = Items {
            bytes: Bytes { input, line: 1 },
            is_collection: matches!(start, Start::Collection),
            is_first: true,
            is_over: false,
            text: Vec::new(),
            row: String::new(),
        };
        if items.is_collection {
            items.enter()?;
        } else {
            items.bytes.expect(b'[')?;
        }
        Ok(items)
    }

    /// The next row as a JSON object, and the line where it begins. The inner error concerns this row only.
    pub fn next_item(&mut self) -> io::Result<Option<(u64, Result<&str, Error>)>> {
        if self.is_over || !self.is_more()? {
            return Ok(None);
        }
        let line = self.bytes.line;
        self.bytes.take_value(&mut self.text)?;
        let Items { text, row, is_collection, .. } = self;
        let Ok(text) = std::str::from_utf8(text) else {
            return Ok(Some((line, Err(Error::NotUtf8))));
        };
        let made = if *is_collection { feature(text, row) } else { element(text, row) };
        Ok(Some((line, made.map(|is_made| if is_made { row.as_str() } else { text }))))
    }

    /// Moves to the next element; false at the end.
    fn is_more(&mut self) -> io::Result<bool> {
        let bytes = &mut self.bytes;
        if bytes.peek()? == Some(b']') {
            bytes.expect(b']')?;
            self.is_over = true;
            return match self.is_collection {
                // Further members of the collection are read and ignored, so that its writer can finish.
                true => io::copy(&mut bytes.input, &mut io::sink()).map(|_| false),
                false if bytes.peek()?.is_some() => Err(bytes.wrong("more text after the array")),
                false => Ok(false),
            };
        }
        if !std::mem::take(&mut self.is_first) {
            bytes.expect(b',')?;
        }
        match bytes.peek()? {
            None => Err(bytes.wrong("unexpected end of input: the array has no end")),
            Some(b']' | b'}' | b',' | b':') => Err(bytes.wrong("no value after ','")),
            Some(_) => Ok(true),
        }
    }

    /// Skips the members of a collection before its features.
    fn enter(&mut self) -> io::Result<()> {
        let bytes = &mut self.bytes;
        bytes.expect(b'{')?;
        loop {
            if bytes.peek()? != Some(b'"') {
                return Err(bytes.wrong("a GeoJSON collection without features"));
            }
            bytes.take_value(&mut self.text)?;
            let is_crs = self.text == b"\"crs\"";
            bytes.expect(b':')?;
            if self.text == b"\"features\"" {
                return bytes.expect(b'[');
            }
            bytes.peek()?;
            bytes.take_value(&mut self.text)?;
            let text = String::from_utf8_lossy(&self.text);
            if is_crs && !point_parser::is_of_degrees(&text) {
                return Err(bytes.wrong("its coordinates are not longitudes and latitudes"));
            }
            bytes.expect(b',')?;
        }
    }
}

/// Converts an element to a row. An object is used unchanged (false). A bare string or number is an image id:
/// `row` becomes an object with it (true).
fn element(text: &str, row: &mut String) -> Result<bool, Error> {
    match lex::value(text.as_bytes(), 0, 0) {
        Ok((JsonKind::Object, _)) => Ok(false),
        Ok((JsonKind::String | JsonKind::Bare, end)) if end == text.len() => {
            *row = format!("{{\"id\":{text}}}");
            Ok(true)
        }
        Ok(_) => Err(Error::NotAnObject),
        Err(cause) => Err(Error::Json { cause, of: Piece::Element }),
    }
}

/// Writes the properties and the geometry of a feature to `row`. Its own `id` is kept as `feature_id`, because
/// it need not be an image id.
fn feature(text: &str, row: &mut String) -> Result<bool, Error> {
    let (mut is_feature, mut members) = (false, String::new());
    let mut add = |member: &str| {
        members.push_str(if members.is_empty() || member.is_empty() { "" } else { "," });
        members.push_str(member);
    };
    let read = lex::object(text.as_bytes(), 0, 0, &mut |key, kind, value| {
        let (key, value) = (&text[key.0 + 1..key.1 - 1], &text[value.0..value.1]);
        match (key, kind) {
            ("type", _) => is_feature = value == "\"Feature\"",
            ("properties", JsonKind::Object) => add(value[1..value.len() - 1].trim()),
            ("geometry", _) => add(&format!("\"geometry\":{value}")),
            ("id", _) => add(&format!("\"feature_id\":{value}")),
            _ => {}
        }
    });
    match read {
        Err(cause) => Err(Error::Json { cause, of: Piece::Feature }),
        Ok(_) if !is_feature => Err(Error::NotAFeature),
        Ok(_) => {
            *row = format!("{{{members}}}");
            Ok(true)
        }
    }
}

#[cfg(test)]
mod tests;
