//! Reads rows of a store, sequentially or from any row.

use super::{HEAD, RowStore, STRIDE, temporary};
use crate::row::Row;
use crate::shape::FatalError;

/// Bytes read at once after a jump; each further sequential read takes twice as many, up to the maximum.
const FIRST_READ: usize = 4 << 10;

const MOST_READ: usize = 256 << 10;

/// Reads rows of a store sequentially, or from another row on.
#[derive(Default)]
pub struct RowCursor {
    /// The next row, and its offset.
    row: usize,
    place: u64,
    /// The buffered bytes, from this offset on.
    from: u64,
    buffer: Vec<u8>,
    next_read: usize,
}

impl RowCursor {
    /// The next row; `None` after the last one.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn next(&mut self, store: &RowStore) -> Result<Option<Row>, FatalError> {
        if self.row >= store.len {
            return Ok(None);
        }
        let (len, number) = self.head(store)?;
        let columns = store.columns.get(number as usize).ok_or_else(damaged)?;
        let bytes = self.bytes(store, HEAD + len)?;
        let row = Row::restore(columns, &bytes[HEAD..]).ok_or_else(damaged)?;
        self.pass(len);
        Ok(Some(row))
    }

    /// The row of this number.
    ///
    /// # Errors
    /// If the temporary file cannot be read, or there is no such row.
    pub fn get(&mut self, store: &RowStore, row: usize) -> Result<Row, FatalError> {
        let is_near = self.row <= row && row - self.row <= row % STRIDE;
        if !is_near {
            self.row = row - row % STRIDE;
            self.place = *store.places.get(row / STRIDE).ok_or_else(damaged)?;
            self.next_read = 0;
        }
        while self.row < row {
            let (len, _) = self.head(store)?;
            self.pass(len);
        }
        self.next(store)?.ok_or_else(damaged)
    }

    fn pass(&mut self, len: usize) {
        self.row += 1;
        self.place += (HEAD + len) as u64;
    }

    /// The length of the next row in bytes, and the number of its column list.
    fn head(&mut self, store: &RowStore) -> Result<(usize, u32), FatalError> {
        let head = self.bytes(store, HEAD)?;
        let number = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| head[at + byte]));
        Ok((number(0) as usize, number(4)))
    }

    /// This many bytes from the current offset on.
    fn bytes(&mut self, store: &RowStore, wanted: usize) -> Result<&[u8], FatalError> {
        let at = |from: u64, place: u64| usize::try_from(place.checked_sub(from)?).ok();
        let is_there = |start: &usize| start + wanted <= self.buffer.len();
        let start = match at(self.from, self.place).filter(is_there) {
            Some(start) => start,
            None => {
                self.read(store, wanted)?;
                0
            }
        };
        self.buffer.get(start..start + wanted).ok_or_else(damaged)
    }

    fn read(&mut self, store: &RowStore, wanted: usize) -> Result<(), FatalError> {
        let some = self.next_read.clamp(FIRST_READ, MOST_READ).max(wanted);
        self.next_read = some * 2;
        self.buffer.resize(some, 0);
        let len = store.spool.read_at(&mut self.buffer, self.place).map_err(temporary)?;
        self.buffer.truncate(len);
        self.from = self.place;
        Ok(())
    }
}

fn damaged() -> FatalError {
    FatalError("the temporary file of the rows was changed by another process".into())
}
