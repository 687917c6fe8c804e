//! Whether the object at the beginning of an input is a GeoJSON collection, by its members as far as they are there. Programs
//! that sort keys write `bbox` and `features` before `type`.

use crate::row::json::lex::{self, JsonKind, LexError};

/// What the first object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstObject {
    Collection,
    /// It has not ended, and its members so far do not tell.
    Open,
    /// A row, or anything else.
    Other,
}

/// The members that a collection may have before its features (RFC 7946, 5, and the older `crs` and `name` of GDAL).
const BEFORE_FEATURES: [&[u8]; 3] = [b"\"bbox\"", b"\"crs\"", b"\"name\""];

/// The kind of the object whose brace is right before `at`.
pub fn kind(start: &[u8], at: usize) -> FirstObject {
    by_members(start, at).unwrap_or_else(|error| {
        if error.at >= start.len() { FirstObject::Open } else { FirstObject::Other }
    })
}

fn by_members(start: &[u8], mut at: usize) -> Result<FirstObject, LexError> {
    let mut may_be_features = true;
    loop {
        at = lex::blank(start, at);
        let (JsonKind::String, end) = lex::value(start, at, 0)? else {
            return Ok(FirstObject::Other);
        };
        let key = &start[at..end];
        at = lex::blank(start, end);
        if start.get(at) != Some(&b':') {
            return Ok(open_at(start, at));
        }
        at = lex::blank(start, at + 1);
        if key == b"\"features\"" && may_be_features && start.get(at) == Some(&b'[') {
            return Ok(FirstObject::Collection);
        }
        let (_, end) = lex::value(start, at, 0)?;
        if key == b"\"type\"" {
            let is_collection = start[at..end] == *b"\"FeatureCollection\"";
            return Ok(if is_collection { FirstObject::Collection } else { FirstObject::Other });
        }
        may_be_features &= BEFORE_FEATURES.contains(&key);
        at = lex::blank(start, end);
        if start.get(at) != Some(&b',') {
            return Ok(open_at(start, at));
        }
        at += 1;
    }
}

fn open_at(start: &[u8], at: usize) -> FirstObject {
    if at >= start.len() { FirstObject::Open } else { FirstObject::Other }
}
