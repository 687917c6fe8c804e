//! FIT messages and their definitions (FIT SDK, "FIT Protocol", record format).

/// The layout of a message, from its definition.
pub struct Definition {
    /// The global message number.
    pub kind: u16,
    is_big_endian: bool,
    /// Number, offset and size of each field.
    fields: Vec<(u8, usize, usize)>,
    /// Size of the message in bytes.
    size: usize,
}

/// What a record header announces.
pub enum Header {
    Definition { local: u8, has_developer_fields: bool },
    Data { local: u8, time_offset_s: Option<u8> },
}

impl Header {
    pub fn new(byte: u8) -> Header {
        match byte {
            byte if byte & 0x80 != 0 => {
                Header::Data { local: (byte >> 5) & 0x3, time_offset_s: Some(byte & 0x1f) }
            }
            byte if byte & 0x40 != 0 => {
                Header::Definition { local: byte & 0xf, has_developer_fields: byte & 0x20 != 0 }
            }
            byte => Header::Data { local: byte & 0xf, time_offset_s: None },
        }
    }
}

/// Reads bytes in sequence; returns nothing if too few are left.
pub struct Bytes<'a> {
    all: &'a [u8],
    pub at: usize,
}

impl<'a> Bytes<'a> {
    pub fn new(all: &'a [u8], at: usize) -> Self {
        Bytes { all, at }
    }

    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.all.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }
}

impl Definition {
    /// Reads the definition that follows the header.
    pub fn read(bytes: &mut Bytes<'_>, has_developer_fields: bool) -> Option<Definition> {
        let [_, order, kind_0, kind_1, count] = *bytes.take(5)? else { return None };
        let is_big_endian = order == 1;
        let kind = [kind_0, kind_1];
        let kind = if is_big_endian { u16::from_be_bytes(kind) } else { u16::from_le_bytes(kind) };
        let mut definition = Definition { kind, is_big_endian, fields: Vec::new(), size: 0 };
        for field in bytes.take(usize::from(count) * 3)?.chunks_exact(3) {
            definition.fields.push((field[0], definition.size, usize::from(field[1])));
            definition.size += usize::from(field[1]);
        }
        if has_developer_fields {
            let count = bytes.byte()?;
            let fields = bytes.take(usize::from(count) * 3)?.chunks_exact(3);
            definition.size += fields.map(|field| usize::from(field[1])).sum::<usize>();
        }
        Some(definition)
    }

    pub fn message<'a, 'b: 'a>(&'a self, bytes: &mut Bytes<'b>) -> Option<Message<'a>> {
        Some(Message { definition: self, bytes: bytes.take(self.size)? })
    }
}

/// The bytes of a message, with its definition.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    definition: &'a Definition,
    bytes: &'a [u8],
}

impl Message<'_> {
    pub fn kind(&self) -> u16 {
        self.definition.kind
    }

    fn field<const SIZE: usize>(&self, number: u8) -> Option<[u8; SIZE]> {
        let mut fields = self.definition.fields.iter();
        let (_, offset, size) = *fields.find(|field| field.0 == number)?;
        let mut field: [u8; SIZE] = self.bytes.get(offset..offset + size)?.try_into().ok()?;
        if self.definition.is_big_endian {
            field.reverse();
        }
        Some(field)
    }

    /// A uint32; all bits set means no value.
    pub fn u32(&self, number: u8) -> Option<u32> {
        self.field(number).map(u32::from_le_bytes).filter(|&value| value != u32::MAX)
    }

    pub fn u16(&self, number: u8) -> Option<u16> {
        self.field(number).map(u16::from_le_bytes).filter(|&value| value != u16::MAX)
    }

    /// An angle in semicircles: 2^31 is half a turn.
    pub fn semicircles_deg(&self, number: u8) -> Option<f64> {
        let value = self.field(number).map(i32::from_le_bytes).filter(|&value| value != i32::MAX);
        value.map(|value| f64::from(value) * 180.0 / f64::from(1_u32 << 31))
    }
}

#[cfg(test)]
mod tests;
