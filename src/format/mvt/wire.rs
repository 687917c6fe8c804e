//! The wire format of Protocol Buffers, as far as vector tiles use it (protobuf.dev, "Encoding").

use crate::format::Malformed;

/// One field of a message, by its wire type.
#[derive(Debug, Clone, Copy)]
pub enum Field<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(Reader<'a>),
    Fixed32([u8; 4]),
}

/// Reads a message or a packed list from front to back.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The offset of `bytes` in the file, for errors.
    from: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0, from: 0 }
    }

    pub fn is_done(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Bytes not yet read.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub fn fault(&self, what: impl Into<String>) -> Malformed {
        Malformed::at_byte(self.from + self.at, what)
    }

    pub fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        // 64 bits take at most ten groups of seven.
        for shift in (0..70).step_by(7) {
            let Some(&byte) = self.bytes.get(self.at) else {
                return Err(self.fault("the data ends within a number"));
            };
            self.at += 1;
            // The last group has room for one bit.
            if shift == 63 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.fault("a number has more than 64 bits"))
    }

    pub fn varint_u32(&mut self) -> Result<u32, Malformed> {
        let value = self.varint()?;
        u32::try_from(value).map_err(|_| self.fault(format!("{value} does not fit in 32 bits")))
    }

    /// The next field with its number; `None` at the end of the message.
    pub fn field(&mut self) -> Result<Option<(u64, Field<'a>)>, Malformed> {
        if self.is_done() {
            return Ok(None);
        }
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(self.array()?),
            2 => {
                let length = self.varint()?;
                Field::Bytes(self.part(length)?)
            }
            5 => Field::Fixed32(self.array()?),
            other => return Err(self.fault(format!("no field has the wire type {other}"))),
        };
        Ok(Some((key >> 3, field)))
    }

    /// All remaining bytes, as text.
    pub fn text(&self) -> Result<&'a str, Malformed> {
        let rest = &self.bytes[self.at..];
        std::str::from_utf8(rest).map_err(|_| self.fault("a text is not UTF-8"))
    }

    fn part(&mut self, length: u64) -> Result<Reader<'a>, Malformed> {
        if length > self.left() as u64 {
            let what = format!("a field of {length} bytes where {} are left", self.left());
            return Err(self.fault(what));
        }
        let start = self.at;
        self.at += length as usize;
        Ok(Reader { bytes: &self.bytes[start..self.at], at: 0, from: self.from + start })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let part = self.part(N as u64)?;
        Ok(part.bytes.try_into().expect("the part has just been cut to this length"))
    }
}

/// Writes a varint.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes a field with a varint value.
pub fn put_number(out: &mut Vec<u8>, field: u64, value: u64) {
    put_varint(out, field << 3);
    put_varint(out, value);
}

/// Writes a field whose value is a text, a message or a packed list.
pub fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Zigzag encoding: small numbers, also negative ones, take few bytes.
pub fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

pub fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests;
