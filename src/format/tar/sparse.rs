//! Sparse files, stored in a tar as pieces, as GNU tar and bsdtar write them (GNU tar manual, Storing Sparse Files).

use super::header::Header;
use super::{BLOCK, EntryError, number};
use crate::format::source::{Source, Unread, exactly};

/// The maximum number of pieces, to limit the loop; no photo has more.
pub const MAX_PIECES: usize = 100_000;

/// The maximum size of a sparse file, which could claim any length; no photo is longer.
const MAX_SIZE: u64 = 16 << 30;

/// A part of a file that is not a hole. In the tar the pieces are contiguous.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its offset in the file.
    pub at: u64,
    pub len: u64,
}

/// The sparse file data of pax records, in any of its three versions.
#[derive(Debug, Clone, Default)]
pub struct SparseInfo {
    pub name: Option<Vec<u8>>,
    size: Option<u64>,
    is_in_body: bool,
    numbers: Vec<u64>,
}

impl SparseInfo {
    /// Reads a record, if it is about sparse files.
    pub fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), EntryError> {
        let Some(key) = key.strip_prefix(b"GNU.sparse.") else { return Ok(()) };
        match key {
            b"name" => self.name = Some(value.to_vec()),
            b"size" | b"realsize" => self.size = Some(integer(value, "size")?),
            b"major" => self.is_in_body = value != b"0",
            b"offset" | b"numbytes" => self.push(integer(value, "hole")?)?,
            b"map" => {
                for number in value.split(|&byte| byte == b',') {
                    self.push(integer(number, "hole")?)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, number: u64) -> Result<(), EntryError> {
        self.numbers.push(number);
        if self.numbers.len() > 2 * MAX_PIECES { Err(EntryError::TooManyHoles) } else { Ok(()) }
    }

    pub fn is_sparse(&self) -> bool {
        self.size.is_some()
    }

    /// The length of the file, the offset of its pieces, and the pieces.
    pub fn map(self, source: &mut impl Source, body_at: u64, stored: u64) -> Result<Map, Unread> {
        let size = self.size.unwrap_or(stored);
        let (numbers, len) =
            if self.is_in_body { in_body(source, body_at, stored)? } else { (self.numbers, 0) };
        Ok(Map::new(numbers, size, body_at + len, stored - len.min(stored)))
    }
}

/// A sparse file.
pub struct Map {
    pub size: u64,
    /// Where its pieces begin in the tar.
    pub at: u64,
    /// The pieces, or why they are invalid.
    pub pieces: Result<Vec<Piece>, EntryError>,
}

impl Map {
    fn new(numbers: Vec<u64>, size: u64, at: u64, stored: u64) -> Map {
        let pair = |pair: &[u64]| Piece { at: pair[0], len: pair[1] };
        let pieces = numbers.chunks_exact(2).map(pair).filter(|piece| piece.len > 0).collect();
        let pieces = match numbers.len() % 2 {
            0 => check(pieces, size, stored),
            _ => Err(EntryError::HolesBreakOff),
        };
        Map { size, at, pieces }
    }

    /// From the older header of GNU tar: four pieces in it, more in the blocks that follow; also returns where the body
    /// ends.
    pub fn of_header(
        source: &mut impl Source,
        header: &Header,
        at: u64,
        stored: u64,
    ) -> Result<Map, Unread> {
        let size = number(&header.0[483..495]).and_then(|size| u64::try_from(size).ok());
        let mut numbers = table(&header.0[386..482]);
        let mut goes_on = header.0[482] != 0;
        let mut body_at = at + BLOCK;
        while goes_on {
            let block = exactly(source, body_at, BLOCK as usize, "a map of holes")?;
            numbers.extend(table(&block[..504]));
            goes_on = block[504] != 0;
            body_at += BLOCK;
            if numbers.len() > 2 * MAX_PIECES {
                return Err(Unread::malformed(body_at, EntryError::TooManyHoles.to_string()));
            }
        }
        Ok(Map::new(numbers, size.unwrap_or(stored), body_at, stored))
    }
}

/// Offsets and lengths of 12 bytes each; an empty one ends the table.
fn table(bytes: &[u8]) -> Vec<u64> {
    let pairs = bytes.chunks_exact(24).take_while(|pair| pair[0] != 0);
    let numbers = pairs.flat_map(|pair| [number(&pair[..12]), number(&pair[12..])]);
    // An unreadable number becomes `u64::MAX`, which the checks of the map reject later.
    numbers.map(|number| number.and_then(|n| u64::try_from(n).ok()).unwrap_or(u64::MAX)).collect()
}

/// Version 1.0 stores the map in the body, one number per line, in whole blocks: the number of pieces, then offset and
/// length of each.
fn in_body(source: &mut impl Source, body_at: u64, stored: u64) -> Result<(Vec<u64>, u64), Unread> {
    let mut numbers = Vec::new();
    let (mut line, mut len) = (Vec::new(), 0);
    let wrong = |len| Unread::malformed(body_at + len, "a map of holes that is none");
    while len < stored {
        let block = exactly(source, body_at + len, BLOCK as usize, "a map of holes")?;
        for &byte in block {
            match byte {
                b'0'..=b'9' if line.len() < 20 => line.push(byte),
                b'\n' => {
                    let text = std::str::from_utf8(&line).map_err(|_| wrong(len))?;
                    numbers.push(text.parse::<u64>().map_err(|_| wrong(len))?);
                    line.clear();
                    let pieces = numbers[0];
                    if pieces > MAX_PIECES as u64 {
                        let what = EntryError::TooManyHoles.to_string();
                        return Err(Unread::malformed(body_at, what));
                    }
                    if numbers.len() as u64 == 1 + 2 * pieces {
                        return Ok((numbers.split_off(1), len + BLOCK));
                    }
                }
                _ => return Err(wrong(len)),
            }
        }
        len += BLOCK;
    }
    Err(wrong(len))
}

/// Pieces must be in order, must not overlap, and must cover all stored bytes.
fn check(pieces: Vec<Piece>, size: u64, stored: u64) -> Result<Vec<Piece>, EntryError> {
    if size > MAX_SIZE {
        return Err(EntryError::TooLongForPhoto);
    }
    let (mut end, mut sum) = (0, 0_u64);
    for piece in &pieces {
        let Some(piece_end) = piece.at.checked_add(piece.len) else {
            return Err(EntryError::BrokenHoles);
        };
        if piece.at < end || piece_end > size {
            return Err(EntryError::BrokenHoles);
        }
        (end, sum) = (piece_end, sum + piece.len);
    }
    if sum == stored { Ok(pieces) } else { Err(EntryError::OtherLengths) }
}

/// A number of a pax record.
pub fn integer(value: &[u8], what: &'static str) -> Result<u64, EntryError> {
    let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    number.ok_or(EntryError::RecordNotANumber { what })
}
