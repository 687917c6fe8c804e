//! Numbers in the byte order of a block (TIFF 6.0, section 2).

/// The byte order of a block, given by its first two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// `II`
    Little,
    /// `MM`
    Big,
}

impl ByteOrder {
    /// The first two bytes; 0 if there are fewer, so check the length first.
    pub fn u16(self, bytes: &[u8]) -> u16 {
        let bytes = [byte(bytes, 0), byte(bytes, 1)];
        match self {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        }
    }

    /// The first four bytes; 0 if there are fewer, so check the length first.
    pub fn u32(self, bytes: &[u8]) -> u32 {
        let bytes = [byte(bytes, 0), byte(bytes, 1), byte(bytes, 2), byte(bytes, 3)];
        match self {
            ByteOrder::Little => u32::from_le_bytes(bytes),
            ByteOrder::Big => u32::from_be_bytes(bytes),
        }
    }

    pub fn put_u16(self, number: u16) -> [u8; 2] {
        match self {
            ByteOrder::Little => number.to_le_bytes(),
            ByteOrder::Big => number.to_be_bytes(),
        }
    }

    pub fn put_u32(self, number: u32) -> [u8; 4] {
        match self {
            ByteOrder::Little => number.to_le_bytes(),
            ByteOrder::Big => number.to_be_bytes(),
        }
    }
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}
