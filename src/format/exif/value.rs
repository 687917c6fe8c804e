//! The value of one tag, as stored in a block and as supplied for writing (TIFF 6.0, section 2).

use super::byte_order::ByteOrder;

/// The types of TIFF 6.0 and, last, of Exif 3.0.
pub mod kind {
    pub const BYTE: u16 = 1;
    pub const ASCII: u16 = 2;
    pub const SHORT: u16 = 3;
    pub const LONG: u16 = 4;
    pub const RATIONAL: u16 = 5;
    pub const UNDEFINED: u16 = 7;
    pub const SLONG: u16 = 9;
    pub const SRATIONAL: u16 = 10;
    pub const IFD: u16 = 13;
    pub const UTF8: u16 = 129;
}

/// Bytes per element of a type; `None` for an unknown type.
pub fn element_size(kind: u16) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 | 129 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 => Some(8),
        _ => None,
    }
}

/// A value to write. The byte order of the block is applied when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text; the closing NUL is added.
    Ascii(String),
    Byte(Vec<u8>),
    Short(u16),
    Long(u32),
    Rational(Vec<(u32, u32)>),
    Undefined(Vec<u8>),
}

impl Value {
    pub fn encode(&self, order: ByteOrder) -> Raw {
        let (kind, count, bytes) = match self {
            Value::Ascii(text) => {
                let bytes = [text.as_bytes(), &[0]].concat();
                (kind::ASCII, bytes.len(), bytes)
            }
            Value::Byte(bytes) => (kind::BYTE, bytes.len(), bytes.clone()),
            Value::Undefined(bytes) => (kind::UNDEFINED, bytes.len(), bytes.clone()),
            Value::Short(number) => (kind::SHORT, 1, order.put_u16(*number).to_vec()),
            Value::Long(number) => (kind::LONG, 1, order.put_u32(*number).to_vec()),
            Value::Rational(ratios) => {
                let words = ratios.iter().flat_map(|&(n, d)| [n, d]);
                let bytes = words.flat_map(|word| order.put_u32(word)).collect();
                (kind::RATIONAL, ratios.len(), bytes)
            }
        };
        Raw { kind, count: count as u32, bytes, order }
    }
}

/// A value as stored in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    pub kind: u16,
    pub count: u32,
    pub bytes: Vec<u8>,
    pub order: ByteOrder,
}

impl Raw {
    /// Text up to the first NUL, trimmed. Bytes that are not UTF-8 are read as Latin-1, which cameras write although
    /// ASCII is required.
    pub fn text(&self) -> Option<String> {
        match self.kind {
            kind::ASCII | kind::BYTE | kind::UNDEFINED | kind::UTF8 => Some(text(&self.bytes)),
            _ => None,
        }
    }

    /// The `index`th whole number.
    pub fn uint(&self, index: usize) -> Option<u32> {
        let size = element_size(self.kind)? as usize;
        let bytes = self.bytes.get(index.checked_mul(size)?..)?.get(..size)?;
        match self.kind {
            kind::BYTE | kind::UNDEFINED => Some(u32::from(bytes[0])),
            kind::SHORT => Some(u32::from(self.order.u16(bytes))),
            kind::LONG | kind::IFD => Some(self.order.u32(bytes)),
            kind::SLONG => u32::try_from(self.order.u32(bytes) as i32).ok(),
            _ => None,
        }
    }

    /// The `index`th fraction; `None` if its denominator is 0, which cameras write for unknown values. Whole numbers
    /// count as fractions of 1.
    pub fn ratio(&self, index: usize) -> Option<f64> {
        let (above, below) = self.fraction(index)?;
        (below != 0).then(|| above as f64 / below as f64)
    }

    /// Numerator and denominator of the `index`th fraction, as stored.
    pub fn fraction(&self, index: usize) -> Option<(i64, i64)> {
        if !matches!(self.kind, kind::RATIONAL | kind::SRATIONAL) {
            return Some((i64::from(self.uint(index)?), 1));
        }
        let bytes = self.bytes.get(index.checked_mul(8)?..)?.get(..8)?;
        let (above, below) = (self.order.u32(bytes), self.order.u32(&bytes[4..]));
        Some(match self.kind {
            kind::RATIONAL => (i64::from(above), i64::from(below)),
            _ => (i64::from(above as i32), i64::from(below as i32)),
        })
    }

    /// Whether a stored value is as good as the one to write: bit for bit, or for words without the padding behind them.
    /// A reference letter has no padding: readers that compare the whole text would not know it.
    pub fn same(&self, other: &Raw) -> bool {
        let is_text = self.kind == kind::ASCII && other.kind == kind::ASCII;
        let are_words = is_text && other.bytes.len() > LETTER_LEN;
        (are_words && decoded(&self.bytes).trim_end() == decoded(&other.bytes).trim_end())
            || (self.kind == other.kind && self.bytes == other.bytes)
    }
}

/// A letter and the closing NUL.
const LETTER_LEN: usize = 2;

fn text(bytes: &[u8]) -> String {
    decoded(bytes).trim().to_string()
}

/// Text up to the first NUL.
fn decoded(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    match std::str::from_utf8(&bytes[..end]) {
        Ok(text) => text.to_string(),
        Err(_) => bytes[..end].iter().map(|&b| b as char).collect(),
    }
}

/// A comment or a method with its character code in the first 8 bytes
/// (Exif 2.32, 4.6.5 table 9).
pub fn coded_text(text: &str) -> Value {
    let mut bytes;
    if text.is_ascii() {
        bytes = b"ASCII\0\0\0".to_vec();
        bytes.extend_from_slice(text.as_bytes());
    } else {
        // Readers take the bytes that follow as UTF-16 in the block's byte order. That is not known here, so a
        // byte order mark gives it.
        bytes = b"UNICODE\0".to_vec();
        bytes.extend_from_slice(&[0xFE, 0xFF]);
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    }
    Value::Undefined(bytes)
}

/// Reads what [`coded_text`] and cameras write; `None` if it is blank.
pub fn read_coded_text(raw: &Raw) -> Option<String> {
    let decoded = match raw.bytes.split_at_checked(8) {
        Some((b"UNICODE\0", rest)) => utf16(rest, raw.order),
        Some((b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0", rest)) => text(rest),
        // Some programs omit the code and write plain text.
        _ if raw.bytes.starts_with(b"JIS\0") => return None,
        _ => text(&raw.bytes),
    };
    (!decoded.is_empty()).then_some(decoded)
}

fn utf16(bytes: &[u8], order: ByteOrder) -> String {
    let (bytes, order) = match bytes {
        [0xFE, 0xFF, rest @ ..] => (rest, ByteOrder::Big),
        [0xFF, 0xFE, rest @ ..] => (rest, ByteOrder::Little),
        _ => (bytes, order),
    };
    let units: Vec<u16> =
        bytes.chunks_exact(2).map(|pair| order.u16(pair)).take_while(|&unit| unit != 0).collect();
    String::from_utf16_lossy(&units).trim().to_string()
}

#[cfg(test)]
mod tests;
