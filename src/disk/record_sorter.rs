//! External merge sort: pieces are sorted in memory, stored in an unnamed temporary file, and merged when they are read.
//!
//! Records are compared byte by byte. So a record begins with its key, and ends with data that must not affect the order.

mod merge;

use std::ops::Range;
use std::path::Path;

pub use merge::RecordCursor;

use super::PathError;
use super::spool::Spool;

/// The number of bytes sorted at once.
const PIECE_BYTES: usize = 1 << 20;
/// The size of the length that is stored before each record.
const HEAD: usize = 4;

/// Takes records in any order.
#[derive(Debug)]
pub struct RecordSorter {
    sorted: SortedRecords,
    /// Records that are not sorted yet, and where each begins.
    piece: Vec<u8>,
    starts: Vec<u32>,
    /// The last record that was stored.
    last: Vec<u8>,
}

/// Sorted records. A [`RecordCursor`] reads them in order; several may read them.
#[derive(Debug, Default)]
pub struct SortedRecords {
    spool: Spool,
    /// The ranges of the sorted pieces in the spool.
    pieces: Vec<Range<u64>>,
}

impl RecordSorter {
    /// Creates its temporary file in this folder, once it is needed.
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
        if self.piece.len() < PIECE_BYTES { Ok(()) } else { self.store_piece() }
    }

    /// Sorts the rest.
    ///
    /// # Errors
    /// No file can be created in the folder, or its disk is full.
    pub fn finish(mut self) -> Result<SortedRecords, PathError> {
        self.store_piece()?;
        Ok(self.sorted)
    }

    fn store_piece(&mut self) -> Result<(), PathError> {
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
        // Input that is sorted already, as most is, becomes a single piece.
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

/// The length of a stored record, including the length before it.
fn stored_len(piece: &[u8], start: u32) -> usize {
    let at = start as usize;
    HEAD + u32::from_le_bytes([0, 1, 2, 3].map(|byte| piece[at + byte])) as usize
}

#[cfg(test)]
mod tests;
