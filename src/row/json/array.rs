//! A JSON array or a GeoJSON collection as rows, one element after the other:
//! only one is held at a time. Not other documents of JSON.

mod bytes;

use std::io;

use bytes::Bytes;

use super::lex::{self, JsonKind};
use crate::row::encoding::Input;
use crate::row::{Error, Piece};

/// The elements of an array.
pub struct Items {
    bytes: Bytes,
    /// Features, rather than rows as they are.
    is_collection: bool,
    is_first: bool,
    is_over: bool,
    text: Vec<u8>,
    row: String,
}

/// What begins here, if it is one of these. JSON lines begin with a brace, too.
pub enum Start {
    Array,
    Collection,
}

impl Start {
    /// By the first bytes: a table's header may begin with a bracket, but
    /// not with one before a value.
    pub fn from_bytes(start: &[u8]) -> Option<Start> {
        let at = lex::blank(start, 0);
        let next = start.get(lex::blank(start, at + 1));
        match (start.get(at)?, next) {
            (b'[', None | Some(b'{' | b'[' | b']' | b'"' | b'-' | b'0'..=b'9')) => {
                Some(Start::Array)
            }
            (b'{', Some(b'"')) => {
                let plain: Vec<u8> =
                    start.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
                let is = plain.starts_with(b"{\"type\":\"FeatureCollection\"")
                    || plain.starts_with(b"{\"features\":[");
                is.then_some(Start::Collection)
            }
            _ => None,
        }
    }
}

impl Items {
    /// Goes to the first element.
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

    /// The next row as an object of JSON, and the line that it begins in. An
    /// error of the text is of this row only.
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

    /// Goes to the next element, if there is one.
    fn is_more(&mut self) -> io::Result<bool> {
        let bytes = &mut self.bytes;
        if bytes.peek()? == Some(b']') {
            bytes.expect(b']')?;
            self.is_over = true;
            return match self.is_collection {
                // What else a collection says of itself, and who writes it to the end.
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

    /// Goes through the members of a collection up to its features.
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
            if is_crs && !["CRS84", "4326", "null"].iter().any(|known| text.contains(known)) {
                return Err(bytes.wrong("its coordinates are not longitudes and latitudes"));
            }
            bytes.expect(b',')?;
        }
    }
}

/// A row that is an object stands as it is. A bare text or number is the id of
/// a picture: then it is made, and this is true.
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

/// The properties of a feature, and its geometry. Its own id may be any number.
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
