//! What all picture containers share: the location of their metadata, and how it is replaced.

use std::ops::Range;

use super::Malformed;

/// The location of a picture's metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Width and height of the stored pixels, before any rotation.
    pub size: Option<(u32, u32)>,
    /// The EXIF block, starting at its byte order mark.
    pub exif: Option<Range<u64>>,
    /// The XMP packet.
    pub xmp: Option<Range<u64>>,
    pub faults: Vec<Malformed>,
}

/// New bytes for a range of the old file; an empty range is an insertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    pub old: Range<u64>,
    pub new: Vec<u8>,
}

impl Splice {
    /// The number of bytes by which the file grows.
    pub fn growth(&self) -> i64 {
        self.new.len() as i64 - (self.old.end - self.old.start) as i64
    }
}

/// A part of a new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Bytes(Vec<u8>),
    /// A range of the old file, unchanged: it can be copied without being read.
    Original(Range<u64>),
}

/// The new file, made from `size` old bytes, as pieces in order. Splices must be sorted and must not overlap.
pub fn pieces(splices: Vec<Splice>, size: u64) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(2 * splices.len() + 1);
    let mut copied = 0;
    for Splice { old, new } in splices {
        if copied < old.start {
            pieces.push(Piece::Original(copied..old.start));
        }
        copied = old.end;
        pieces.push(Piece::Bytes(new));
    }
    if copied < size {
        pieces.push(Piece::Original(copied..size));
    }
    pieces
}

/// Joins pieces in memory.
pub fn joined(pieces: &[Piece], original: &[u8]) -> Vec<u8> {
    let part = |piece: &Piece| match piece {
        Piece::Bytes(bytes) => bytes.clone(),
        Piece::Original(range) => original[range.start as usize..range.end as usize].to_vec(),
    };
    pieces.iter().flat_map(part).collect()
}
