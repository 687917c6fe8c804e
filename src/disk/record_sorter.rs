//! Sorts any number of records in little memory: a piece at a time in memory, the sorted pieces in an unnamed temporary
//! file, from which they are merged.
//!
//! A record is any bytes, and their order is that of records. So a key comes first, and what must not change the order
//! comes last.

mod merge;

use std::ops::Range;
use std::path::Path;

pub use merge::RecordCursor;

use super::PathError;
use super::spool::Spool;

/// The number of bytes sorted at once.
const PIECE_BYTES: usize = 1 << 20;
/// Before each record stands its length.
const HEAD: usize = 4;

/// Takes records in any order.
#[derive(Debug)]
pub struct RecordSorter {
    sorted: SortedRecords,
    /// Records that are not sorted yet, and where each begins.
    piece: Vec<u8>,
    starts: Vec<u32>,
    /// The last record that was put away.
    last: Vec<u8>,
}

/// Records that a [`RecordCursor`] reads in their order, as often as wanted.
#[derive(Debug, Default)]
pub struct SortedRecords {
    spool: Spool,
    /// Where the sorted pieces are in the spool.
    pieces: Vec<Range<u64>>,
}

impl RecordSorter {
    /// A sorter whose file, once needed, is in this folder.
    pub fn new(folder: &Path) -> RecordSorter {
        let sorted = SortedRecords { spool: Spool::new(folder), pieces: Vec::new() };
        RecordSorter { sorted, piece: Vec::new(), starts: Vec::new(), last: Vec::new() }
    }

    /// Adds a record of less than 4 GB.
    ///
    /// # Errors
    /// No file can be created in the folder, or its disk is full.
    pub fn push(&mut self, record: &[u8]) -> Result<(), PathError> {
        // Until now the piece is shorter than `PIECE_BYTES`.
        self.starts.push(self.piece.len() as u32);
        self.piece.extend_from_slice(&(record.len() as u32).to_le_bytes());
        self.piece.extend_from_slice(record);
        if self.piece.len() < PIECE_BYTES { Ok(()) } else { self.put_away() }
    }

    /// All records have come.
    ///
    /// # Errors
    /// No file can be created in the folder, or its disk is full.
    pub fn finish(mut self) -> Result<SortedRecords, PathError> {
        self.put_away()?;
        Ok(self.sorted)
    }

    fn put_away(&mut self) -> Result<(), PathError> {
        let (piece, SortedRecords { spool, pieces }) = (&self.piece, &mut self.sorted);
        let stored = |start: &u32| &piece[*start as usize..][..stored_len(piece, *start)];
        let record = |start: &u32| &stored(start)[HEAD..];
        self.starts.sort_unstable_by(|a, b| record(a).cmp(record(b)));
        let (Some(first), Some(last)) = (self.starts.first(), self.starts.last()) else {
            return Ok(());
        };
        let start = spool.len();
        for record in &self.starts {
            spool.append(stored(record))?;
        }
        // Records that come in order, as most do, are one piece.
        match pieces.last_mut().filter(|_| *self.last <= *record(first)) {
            Some(before) => before.end = spool.len(),
            None => pieces.push(start..spool.len()),
        }
        self.last.clear();
        self.last.extend_from_slice(record(last));
        self.piece.clear();
        self.starts.clear();
        Ok(())
    }
}

/// The length of a stored record with its head.
fn stored_len(piece: &[u8], start: u32) -> usize {
    let at = start as usize;
    HEAD + u32::from_le_bytes([0, 1, 2, 3].map(|byte| piece[at + byte])) as usize
}

#[cfg(test)]
mod tests;
