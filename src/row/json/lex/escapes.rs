//! Escapes and unescapes strings (RFC 8259, section 7).

use super::LexError;

/// Appends the unescaped content of a string.
pub fn unescape(inside: &str, into: &mut String) -> Result<(), LexError> {
    let mut rest = inside;
    while let Some(found) = memchr::memchr(b'\\', rest.as_bytes()) {
        into.push_str(&rest[..found]);
        let at = inside.len() - rest.len() + found;
        let (character, length) =
            escape(&rest.as_bytes()[found..]).ok_or(LexError::new(at, "not an escape"))?;
        into.push(character);
        rest = &rest[found + length..];
    }
    into.push_str(rest);
    Ok(())
}

/// The character of one escape, and the escape's length (RFC 8259, section 7).
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let plain = match *text.get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        byte @ (b'"' | b'\\' | b'/') => byte as char,
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((plain, 2))
}

fn unicode(text: &[u8]) -> Option<(char, usize)> {
    let first = hex(text.get(2..6)?)?;
    // A character above U+FFFF is a surrogate pair.
    if (0xd800..0xdc00).contains(&first) && text.get(6..8) == Some(b"\\u") {
        let second = hex(text.get(8..12)?)?;
        let low = second.checked_sub(0xdc00).filter(|&low| low < 0x400)?;
        return char::from_u32(0x10000 + ((first - 0xd800) << 10) + low).map(|c| (c, 12));
    }
    char::from_u32(first).map(|c| (c, 6))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, &digit| Some(sum * 16 + (digit as char).to_digit(16)?))
}

/// Appends a string with quotes, escaped where needed.
pub fn quote(text: &str, into: &mut Vec<u8>) {
    into.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        into.extend_from_slice(&bytes[from..at]);
        from = at + 1;
        match byte {
            b'"' | b'\\' => into.extend_from_slice(&[b'\\', byte]),
            b'\n' => into.extend_from_slice(b"\\n"),
            b'\t' => into.extend_from_slice(b"\\t"),
            b'\r' => into.extend_from_slice(b"\\r"),
            _ => into.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
    }
    into.extend_from_slice(&bytes[from..]);
    into.push(b'"');
}
