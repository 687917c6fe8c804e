//! The text encoding of a packet: UTF-8 in pictures, UTF-16 and UTF-32 in some sidecars (XMP part 1, 7.3.2).

use std::borrow::Cow;

use crate::format::Malformed;

/// The width of a character, and whether its high byte comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big: bool },
    Utf32 { big: bool },
}

/// Detects the encoding by the byte order mark, or by the position of the zeros around the first `<`.
fn encoding(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [b'<', 0, 0, 0, ..] => Encoding::Utf32 { big: false },
        [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'<', ..] => Encoding::Utf32 { big: true },
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Encoding::Utf16 { big: false },
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Encoding::Utf16 { big: true },
        _ => Encoding::Utf8,
    }
}

pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    encoding(bytes) == Encoding::Utf8
}

/// The text as far as it can be decoded, and the location of an error.
pub(super) fn text(bytes: &[u8]) -> (Cow<'_, str>, Option<Malformed>) {
    match encoding(bytes) {
        Encoding::Utf8 => utf8(bytes),
        Encoding::Utf16 { big } => {
            let units = bytes.chunks_exact(2).map(|unit| {
                if big {
                    u16::from_be_bytes([unit[0], unit[1]])
                } else {
                    u16::from_le_bytes([unit[0], unit[1]])
                }
            });
            wide(char::decode_utf16(units).map(Result::ok), "UTF-16", 2)
        }
        Encoding::Utf32 { big } => {
            let units =
                bytes.as_chunks::<4>().0.iter().map(|&unit| {
                    if big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) }
                });
            wide(units.map(char::from_u32), "UTF-32", 4)
        }
    }
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, Option<Malformed>) {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (text.into(), None),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let what = format!("XMP is not UTF-8: it has the byte 0x{:02X}", bytes[at]);
    let text = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
    (text.into(), Some(Malformed::at_byte(at, what)))
}

fn wide(
    chars: impl Iterator<Item = Option<char>>,
    name: &str,
    width: usize,
) -> (Cow<'static, str>, Option<Malformed>) {
    let mut text = String::new();
    for (number, char) in chars.enumerate() {
        match char {
            Some('\u{FEFF}') => {}
            Some(char) => text.push(char),
            None => {
                let fault = Malformed::at_byte(number * width, format!("XMP is not {name}"));
                return (text.into(), Some(fault));
            }
        }
    }
    (text.into(), None)
}

#[cfg(test)]
mod tests;
