//! Reads rows of a store, sequentially or from any row.

use super::{HEAD, RowStore, STRIDE, damaged, temporary};
use crate::disk::spool::SpoolReader;
use crate::row::Row;
use crate::shape::FatalError;

/// Reads rows of a store sequentially, or from another row on.
#[derive(Default)]
pub struct RowCursor {
    /// The next row, and its offset.
    row: usize,
    place: u64,
    reader: SpoolReader,
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
        let columns = store.columns.get(number).ok_or_else(damaged)?;
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
        let bytes = self.reader.bytes(&store.spool, self.place, wanted).map_err(temporary)?;
        if bytes.len() == wanted { Ok(bytes) } else { Err(damaged()) }
    }
}
