//! Width and height, as each kind of chunk stores them.

/// Width and height minus one, 24 bits each (RFC 9649, section 2.7).
pub fn canvas(bytes: &[u8]) -> (u32, u32) {
    let side = |at: usize| 1 + u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], 0]);
    (side(0), side(3))
}

/// 14 bits each, after the frame's start code (RFC 6386, section 9.1).
pub fn lossy_size(start: &[u8]) -> Option<(u32, u32)> {
    match start {
        [_, _, _, 0x9D, 0x01, 0x2A, a, b, c, d, ..] => {
            let side = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3FFF);
            Some((side([*a, *b]), side([*c, *d])))
        }
        _ => None,
    }
}

/// Width and height minus one, 14 bits each (RFC 9649, section 3.4).
pub fn lossless_size(start: &[u8]) -> Option<(u32, u32)> {
    match *start {
        [0x2F, a, b, c, d, ..] => {
            let bits = u32::from_le_bytes([a, b, c, d]);
            Some((1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)))
        }
        _ => None,
    }
}
