//! Merges sorted pieces: the first record of each piece is in a heap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use super::{HEAD, SortedRecords};
use crate::disk::PathError;
use crate::disk::spool::{Spool, SpoolReader};

/// The total size of the buffers of all pieces, unless each would have less than [`LEAST_READ`].
const ALL_BUFFERS: usize = 4 << 20;
/// Shorter reads would cost more than the merge: 16 KB for each piece of 1 MB.
const LEAST_READ: usize = 16 << 10;
/// Longer reads are no faster.
const MOST_READ: usize = 64 << 10;

/// Reads records in sorted order.
#[derive(Debug, Default)]
pub struct RecordCursor {
    pieces: Vec<Piece>,
    heap: BinaryHeap<Reverse<First>>,
    /// The record that was returned last.
    record: Vec<u8>,
    is_open: bool,
}

/// The first record of a piece that was not returned yet. Equal records are interchangeable.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct First {
    record: Vec<u8>,
    piece: usize,
}

#[derive(Debug)]
struct Piece {
    next: u64,
    end: u64,
    reader: SpoolReader,
}

impl RecordCursor {
    /// The next record; `None` after the last one.
    ///
    /// # Errors
    /// Errors of the temporary file.
    pub fn next(&mut self, records: &SortedRecords) -> Result<Option<&[u8]>, PathError> {
        if !std::mem::replace(&mut self.is_open, true) {
            self.open(records)?;
        }
        let Some(mut first) = self.heap.peek_mut() else { return Ok(None) };
        let Reverse(First { record, piece }) = &mut *first;
        std::mem::swap(&mut self.record, record);
        if !self.pieces[*piece].read(&records.spool, record)? {
            PeekMut::pop(first);
        }
        Ok(Some(&self.record))
    }

    fn open(&mut self, records: &SortedRecords) -> Result<(), PathError> {
        let most = ALL_BUFFERS / records.pieces.len().max(1);
        for (piece, range) in records.pieces.iter().enumerate() {
            let reader = SpoolReader::with_most(most.clamp(LEAST_READ, MOST_READ));
            self.pieces.push(Piece { next: range.start, end: range.end, reader });
            let mut record = Vec::new();
            if self.pieces[piece].read(&records.spool, &mut record)? {
                self.heap.push(Reverse(First { record, piece }));
            }
        }
        Ok(())
    }
}

impl Piece {
    /// Reads the next record into `record`; false at the end of the piece.
    fn read(&mut self, spool: &Spool, record: &mut Vec<u8>) -> Result<bool, PathError> {
        if self.next >= self.end {
            return Ok(false);
        }
        let head = self.reader.bytes(spool, self.next, HEAD)?;
        // If another process truncated the file, records are too short, and their readers report that.
        let len = head.try_into().map_or(0, u32::from_le_bytes) as usize;
        record.clear();
        record.extend_from_slice(self.reader.bytes(spool, self.next + HEAD as u64, len)?);
        self.next += (HEAD + len) as u64;
        Ok(true)
    }
}
