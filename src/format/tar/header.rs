//! One header block: ustar, GNU tar, star, or Unix V7.

use super::{BLOCK, Modified};
use crate::format::source::{Source, Unread};

/// The fields of a header (POSIX.1-2024, pax, ustar header block).
pub mod field {
    use std::ops::Range;

    pub const NAME: Range<usize> = 0..100;
    pub const MODE: Range<usize> = 100..108;
    pub const UID: Range<usize> = 108..116;
    pub const GID: Range<usize> = 116..124;
    pub const SIZE: Range<usize> = 124..136;
    pub const MTIME: Range<usize> = 136..148;
    pub const CHECKSUM: Range<usize> = 148..156;
    pub const KIND: usize = 156;
    pub const LINK: Range<usize> = 157..257;
    pub const MAGIC: Range<usize> = 257..265;
    pub const DEV_MAJOR: Range<usize> = 329..337;
    pub const DEV_MINOR: Range<usize> = 337..345;
    pub const PREFIX: Range<usize> = 345..500;
    /// The prefix of star is shorter, because times follow it.
    pub const STAR_PREFIX: Range<usize> = 345..476;
    pub const STAR_MAGIC: Range<usize> = 508..512;
}

/// What is found at the offset where a header may be.
pub enum HeaderBlock {
    Header(Box<Header>),
    /// Zeros, which end a tar.
    Empty,
    /// Not a header, and not empty.
    Other,
    /// The source ends here or after this many bytes, and whether those are zeros.
    Ended(usize, bool),
}

/// A header whose checksum is correct.
pub struct Header(pub [u8; BLOCK as usize]);

/// Reads the block at this offset.
pub fn find(source: &mut impl Source, at: u64) -> Result<HeaderBlock, Unread> {
    let bytes = source.at(at, BLOCK as usize)?;
    let is_empty = bytes.iter().all(|&byte| byte == 0);
    let Ok(block) = <[u8; BLOCK as usize]>::try_from(bytes) else {
        return Ok(HeaderBlock::Ended(bytes.len(), is_empty));
    };
    Ok(match () {
        () if is_empty => HeaderBlock::Empty,
        () if is_header(&block) => HeaderBlock::Header(Box::new(Header(block))),
        () => HeaderBlock::Other,
    })
}

/// Whether these first bytes are those of a tar.
pub fn is_start(bytes: &[u8]) -> bool {
    let block = bytes.first_chunk::<{ BLOCK as usize }>();
    block.is_some_and(|block| is_header(block) || block.iter().all(|&byte| byte == 0))
}

/// The name and the size in a block, if it is the header of a file. Records before it may give others.
pub fn file_header(block: &[u8; BLOCK as usize]) -> Option<(Vec<u8>, u64)> {
    let header = is_header(block).then_some(Header(*block))?;
    let is_file = matches!(header.kind(), b'0' | b'\0' | b'7');
    let size = header.size(0).ok()?;
    is_file.then(|| (header.name(), size))
}

/// Whether a block is the header of records, such as a long name, for the file behind them.
pub fn is_record(block: &[u8; BLOCK as usize]) -> bool {
    matches!(block[field::KIND], b'x' | b'X' | b'g' | b'L' | b'K') && is_header(block)
}

impl Header {
    pub fn kind(&self) -> u8 {
        self.0[field::KIND]
    }

    pub fn size(&self, at: u64) -> Result<u64, Unread> {
        let size = number(&self.0[field::SIZE]).and_then(|size| u64::try_from(size).ok());
        let wrong =
            || Unread::malformed(at + field::SIZE.start as u64, "a size that is not a number");
        size.ok_or_else(wrong)
    }

    pub fn modified(&self) -> Option<Modified> {
        number(&self.0[field::MTIME]).map(|s| Modified { s, ns: 0 })
    }

    pub fn name(&self) -> Vec<u8> {
        // V7 and GNU headers have other data where ustar has the prefix.
        let is_ustar = self.0[field::MAGIC].starts_with(b"ustar\0");
        let prefix = match is_ustar {
            false => &[],
            true if &self.0[field::STAR_MAGIC] == b"tar\0" => self.text(field::STAR_PREFIX),
            true => self.text(field::PREFIX),
        };
        match prefix {
            [] => self.text(field::NAME).to_vec(),
            prefix => [prefix, b"/", self.text(field::NAME)].concat(),
        }
    }

    pub fn link(&self) -> Vec<u8> {
        self.text(field::LINK).to_vec()
    }

    fn text(&self, range: std::ops::Range<usize>) -> &[u8] {
        let bytes = &self.0[range];
        &bytes[..memchr::memchr(0, bytes).unwrap_or(bytes.len())]
    }
}

/// A number in a header: octal digits, or the binary format that GNU tar uses for larger values.
pub fn number(bytes: &[u8]) -> Option<i64> {
    if let [first @ (0x80 | 0xff), rest @ ..] = bytes {
        let start = if *first == 0xff { -1 } else { 0 };
        return rest.iter().try_fold(start, |sum: i64, &byte| {
            sum.checked_mul(256).map(|shifted| shifted | i64::from(byte))
        });
    }
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\0');
    let start = bytes.iter().position(|byte| !is_space(byte)).unwrap_or(bytes.len());
    // Anything after the first terminator is ignored.
    let end = bytes[start..].iter().position(is_space);
    let digits = end.map_or(&bytes[start..], |end| &bytes[start..start + end]);
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with(['+', '-']))?;
    if text.is_empty() { Some(0) } else { i64::from_str_radix(text, 8).ok() }
}

/// The checksum of a header, with its own field counted as blanks.
pub fn checksum(block: &[u8]) -> u64 {
    let own = |at: &usize| field::CHECKSUM.contains(at);
    let bytes = block.iter().enumerate();
    bytes.map(|(at, &byte)| u64::from(if own(&at) { b' ' } else { byte })).sum()
}

/// Whether the checksum is correct, either as in POSIX or as in old tars, which used signed bytes.
fn is_header(block: &[u8; BLOCK as usize]) -> bool {
    let stated = number(&block[field::CHECKSUM]);
    let own = |at: &usize| field::CHECKSUM.contains(at);
    let high = block.iter().enumerate().filter(|(at, byte)| !own(at) && **byte >= 0x80).count();
    let sum = checksum(block) as i64;
    stated.is_some_and(|stated| stated == sum || stated == sum - 256 * high as i64)
}

#[cfg(test)]
mod tests;
