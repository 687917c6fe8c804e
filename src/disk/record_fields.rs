//! Takes apart a record of a temporary file: numbers with the highest byte first, which sort as their bytes do, and texts.

use std::str;

/// What is left of a record. A field that is not there, or is no text, is `None`: another process changed the file.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.bytes().map(u8::from_be_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_be_bytes)
    }

    /// The text up to the next NUL, which is passed over: a text without a NUL sorts like its bytes with one.
    pub fn text(&mut self) -> Option<&'a str> {
        let end = self.0.iter().position(|&byte| byte == 0)?;
        let text = str::from_utf8(&self.0[..end]).ok()?;
        self.0 = &self.0[end + 1..];
        Some(text)
    }

    /// The text of so many bytes.
    pub fn text_of(&mut self, len: usize) -> Option<&'a str> {
        let (text, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        str::from_utf8(text).ok()
    }

    /// The text up to the end.
    pub fn last_text(self) -> Option<&'a str> {
        str::from_utf8(self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_their_order_and_what_is_missing_is_none() {
        let record = [&[7][..], &3u32.to_be_bytes(), b"a/b\0", b"rest"].concat();
        let mut fields = Fields(&record);
        assert_eq!((fields.u8(), fields.u32(), fields.text()), (Some(7), Some(3), Some("a/b")));
        assert_eq!((fields.u64(), fields.text(), fields.text_of(5)), (None, None, None));
        assert_eq!((fields.text_of(1), fields.last_text()), (Some("r"), Some("est")));
        assert_eq!(Fields(b"\xff").last_text(), None);
    }
}
