//! A JSON lexer: where a value ends, whether it is well-formed, and strings without escapes. Numbers are never
//! converted.
//!
//! Not serde_json, because cells pass through as the bytes they were read from: this needs the offset of each
//! value in the line, and all keys in order, including duplicates, which serde_json does not give.

mod escapes;

use memchr::memchr2;

pub use escapes::{quote, unescape};

/// The maximum nesting depth: more than any response of the service has, and safe for the stack.
const MAX_DEPTH: usize = 64;

/// The kind of a value, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    String,
    /// A number, `true` or `false`.
    Bare,
    Null,
    Array,
    Object,
}

/// What is wrong, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LexError {
    pub at: usize,
    pub what: &'static str,
}

impl LexError {
    fn new(at: usize, what: &'static str) -> LexError {
        LexError { at, what }
    }

    /// The same error in a text that begins this many bytes earlier.
    pub fn behind(self, bytes: usize) -> LexError {
        LexError { at: bytes + self.at, ..self }
    }
}

/// Skips white space.
pub fn blank(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The kind and the end of the value that begins at this byte.
pub fn value(text: &[u8], at: usize, depth: usize) -> Result<(JsonKind, usize), LexError> {
    match text.get(at) {
        Some(b'"') => Ok((JsonKind::String, string(text, at)?)),
        Some(b'{') => Ok((JsonKind::Object, object(text, at, depth, &mut |_, _, _| ())?)),
        Some(b'[') => Ok((JsonKind::Array, array(text, at, depth)?)),
        Some(b'-' | b'0'..=b'9') => match number(&text[at..]) {
            Some(length) => Ok((JsonKind::Bare, at + length)),
            None => Err(LexError::new(at, "not a number")),
        },
        Some(_) if text[at..].starts_with(b"true") => Ok((JsonKind::Bare, at + 4)),
        Some(_) if text[at..].starts_with(b"false") => Ok((JsonKind::Bare, at + 5)),
        Some(_) if text[at..].starts_with(b"null") => Ok((JsonKind::Null, at + 4)),
        Some(_) => Err(LexError::new(at, "not a JSON value")),
        None => Err(LexError::new(at, "unexpected end of input")),
    }
}

/// Called with the span of a key (including its quotes), and the kind and the span of its value.
pub type MemberVisitor<'a> = &'a mut dyn FnMut((usize, usize), JsonKind, (usize, usize));

/// Visits each member of the object that begins at this byte; returns where the object ends.
pub fn object(
    text: &[u8],
    at: usize,
    depth: usize,
    member: MemberVisitor,
) -> Result<usize, LexError> {
    let mut at = blank(text, deeper(text, at, b'{', depth)?);
    if text.get(at) == Some(&b'}') {
        return Ok(at + 1);
    }
    loop {
        let key = (at, string(text, at)?);
        at = expect(text, blank(text, key.1), b':')?;
        let start = blank(text, at);
        let (kind, end) = value(text, start, depth + 1)?;
        member(key, kind, (start, end));
        at = blank(text, end);
        match text.get(at) {
            Some(b',') => at = blank(text, at + 1),
            Some(b'}') => return Ok(at + 1),
            Some(_) => return Err(LexError::new(at, "no ',' or '}' after a value")),
            None => return Err(LexError::new(at, "unexpected end of input")),
        }
    }
}

fn array(text: &[u8], at: usize, depth: usize) -> Result<usize, LexError> {
    let mut at = blank(text, deeper(text, at, b'[', depth)?);
    if text.get(at) == Some(&b']') {
        return Ok(at + 1);
    }
    loop {
        at = blank(text, value(text, at, depth + 1)?.1);
        match text.get(at) {
            Some(b',') => at = blank(text, at + 1),
            Some(b']') => return Ok(at + 1),
            Some(_) => return Err(LexError::new(at, "no ',' or ']' after a value")),
            None => return Err(LexError::new(at, "unexpected end of input")),
        }
    }
}

fn deeper(text: &[u8], at: usize, open: u8, depth: usize) -> Result<usize, LexError> {
    if depth >= MAX_DEPTH {
        return Err(LexError::new(at, "nested too deep"));
    }
    expect(text, at, open)
}

fn expect(text: &[u8], at: usize, byte: u8) -> Result<usize, LexError> {
    match text.get(at) {
        Some(&found) if found == byte => Ok(at + 1),
        Some(_) if byte == b':' => Err(LexError::new(at, "no ':' after a key")),
        Some(_) => Err(LexError::new(at, "not a JSON object")),
        None => Err(LexError::new(at, "unexpected end of input")),
    }
}

/// The end of the string that begins at this byte.
fn string(text: &[u8], at: usize) -> Result<usize, LexError> {
    if text.get(at) != Some(&b'"') {
        let what = if at < text.len() { "not a string" } else { "unexpected end of input" };
        return Err(LexError::new(at, what));
    }
    let mut from = at + 1;
    loop {
        match memchr2(b'"', b'\\', text.get(from..).unwrap_or_default()) {
            Some(found) if text[from + found] == b'"' => return Ok(from + found + 1),
            Some(found) => match text.get(from + found + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u') => {
                    from += found + 2;
                }
                Some(_) => return Err(LexError::new(from + found, "not an escape")),
                None => return Err(LexError::new(text.len(), "unexpected end of input")),
            },
            None => return Err(LexError::new(text.len(), "unexpected end of input")),
        }
    }
}

/// The length of the number that the text begins with (RFC 8259, section 6).
pub fn number(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&b'-'));
    let whole = digits(at.min(text.len()));
    if whole == 0 || (whole > 1 && text[at] == b'0') {
        return None;
    }
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        at += 1 + fraction;
        if fraction == 0 {
            return None;
        }
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at.min(text.len()));
        at += exponent;
        if exponent == 0 {
            return None;
        }
    }
    Some(at)
}

/// Appends a well-formed value without the white space between its parts.
pub fn compact(text: &str, into: &mut String) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'"' => string(bytes, at).unwrap_or(bytes.len()),
            b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            _ => at + run(&bytes[at..]),
        };
        into.push_str(&text[at..end]);
        at = end;
    }
}

/// The number of bytes up to the next string or white space.
fn run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| !matches!(b, b'"' | b' ' | b'\t' | b'\n' | b'\r')).count()
}

#[cfg(test)]
mod tests;
