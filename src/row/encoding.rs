//! The bytes of rows as UTF-8: gzip is unpacked, UTF-16 is turned, a byte
//! order mark ends here.

use std::io::{self, BufRead, BufReader, Cursor, Read};

pub type Input = Box<dyn BufRead + Send>;

/// Fewer calls than the usual 8 KB, and still in the second level of the cache.
pub const BUFFER: usize = 256 << 10;

/// Opens bytes of any of these kinds.
pub fn open(input: impl Read + Send + 'static) -> io::Result<Input> {
    let packed = BufReader::with_capacity(BUFFER, input);
    let (start, mut plain) = peek(Box::new(packed), 3)?;
    if start.starts_with(&[0x1f, 0x8b]) {
        let unpacked = flate2::bufread::MultiGzDecoder::new(plain);
        plain = Box::new(BufReader::with_capacity(BUFFER, unpacked));
    }
    let (start, mut text) = peek(plain, 4)?;
    if is_utf32(&start) {
        let words =
            "it is UTF-32, which is not read: pipe in what 'iconv -f UTF-32 -t UTF-8' gives";
        return Err(io::Error::new(io::ErrorKind::InvalidData, words));
    }
    if let Some(is_big) = utf16(&start) {
        text = Box::new(BufReader::with_capacity(BUFFER, Utf16::new(text, is_big)));
    }
    let (start, mut text) = peek(text, 3)?;
    if start == b"\xef\xbb\xbf" {
        text.consume(3);
    }
    Ok(text)
}

/// The first bytes, which are still to be read. A pipe may give them one by one.
pub fn peek(mut input: Input, wanted: usize) -> io::Result<(Vec<u8>, Input)> {
    if let Some(start) = input.fill_buf()?.get(..wanted) {
        return Ok((start.to_vec(), input));
    }
    let mut start = Vec::new();
    (&mut input).take(wanted as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Box::new(Cursor::new(start).chain(input))))
}

/// Whether it is UTF-16, and with the large half first: by its mark, or since
/// no table begins with a zero byte.
fn utf16(start: &[u8]) -> Option<bool> {
    match start {
        [0xff, 0xfe, ..] => Some(false),
        [0xfe, 0xff, ..] => Some(true),
        [1..=0xff, 0, ..] => Some(false),
        [0, 1..=0xff, ..] => Some(true),
        _ => None,
    }
}

/// By its mark, which would be that of UTF-16 before a character that no text has.
fn is_utf32(start: &[u8]) -> bool {
    matches!(start, [0xff, 0xfe, 0, 0] | [0, 0, 0xfe, 0xff])
}

/// Gives UTF-16 as UTF-8. Half a character is an error.
struct Utf16<R> {
    input: R,
    is_big: bool,
    read: u64,
    /// The first byte of a unit whose second is still to come.
    byte: Option<u8>,
    /// The first unit of a character whose second is still to come.
    high: Option<u16>,
    text: String,
    at: usize,
}

impl<R: BufRead> Utf16<R> {
    fn new(input: R, is_big: bool) -> Utf16<R> {
        Utf16 { input, is_big, read: 0, byte: None, high: None, text: String::new(), at: 0 }
    }

    /// Reads on until there is text; at the end there is none.
    fn fill(&mut self) -> io::Result<()> {
        (self.at, _) = (0, self.text.clear());
        while self.text.is_empty() {
            let bytes = self.input.fill_buf()?;
            let length = bytes.len();
            if length == 0 {
                return match (self.byte, self.high) {
                    (None, None) => Ok(()),
                    _ => Err(self.wrong()),
                };
            }
            let bytes = bytes.to_vec();
            self.input.consume(length);
            for byte in bytes {
                self.read += 1;
                match self.byte.take() {
                    None => self.byte = Some(byte),
                    Some(first) if self.is_big => self.unit(u16::from_be_bytes([first, byte]))?,
                    Some(first) => self.unit(u16::from_le_bytes([first, byte]))?,
                }
            }
        }
        Ok(())
    }

    fn unit(&mut self, unit: u16) -> io::Result<()> {
        let high = self.high.take();
        match char::decode_utf16(high.into_iter().chain([unit])).collect::<Result<Vec<char>, _>>() {
            Ok(characters) => self.text.extend(characters),
            Err(_) if (0xd800..0xdc00).contains(&unit) && high.is_none() => self.high = Some(unit),
            Err(_) => return Err(self.wrong()),
        }
        Ok(())
    }

    fn wrong(&self) -> io::Error {
        io::Error::other(format!("not UTF-16: half a character at byte {}", self.read))
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            self.fill()?;
        }
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests;
