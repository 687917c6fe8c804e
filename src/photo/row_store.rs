//! Rows that wait until all have come: in a temporary file, so that half a byte a row is held and not the row.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::disk::PathError;
use crate::disk::spool::Spool;
use crate::row::{Columns, Row};
use crate::shape::FatalError;

/// The place of one row in so many is held; the others are found from there.
const STRIDE: usize = 16;
/// What is read at once after a jump; each further read in a row takes twice as much, up to the most.
const FIRST_READ: usize = 4 << 10;
const MOST_READ: usize = 256 << 10;
/// Before a row's bytes stand their number, and that of its columns.
const HEAD: usize = 8;

/// Rows, in the order in which they came.
pub struct RowStore {
    spool: Spool,
    places: Vec<u64>,
    len: usize,
    columns: Vec<Arc<Columns>>,
    /// The number of each list of columns, by its address: it is held, so no other gets that.
    numbers: HashMap<usize, u32>,
    bytes: Vec<u8>,
}

/// Reads rows of a store one after the other, or from another place on.
#[derive(Default)]
pub struct RowCursor {
    /// The next row, and its place.
    row: usize,
    place: u64,
    /// Bytes from this place on.
    from: u64,
    buffer: Vec<u8>,
    next_read: usize,
}

impl RowStore {
    /// A store whose file lies in this folder, once there is one.
    pub fn new(folder: &Path) -> RowStore {
        RowStore {
            spool: Spool::new(folder),
            places: Vec::new(),
            len: 0,
            columns: Vec::new(),
            numbers: HashMap::new(),
            bytes: Vec::new(),
        }
    }

    /// Forgets all rows; their file is gone.
    pub fn clear(&mut self) {
        self.spool = self.spool.fresh();
        (self.places, self.columns, self.numbers) = Default::default();
        self.len = 0;
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn push(&mut self, row: &Row) -> Result<(), FatalError> {
        if self.len.is_multiple_of(STRIDE) {
            self.places.push(self.spool.len());
        }
        let number = self.number(row.columns());
        self.bytes.clear();
        self.bytes.extend_from_slice(&[0; HEAD]);
        row.store(&mut self.bytes);
        // No row is longer than `MAX_ROW_BYTES`.
        let len = (self.bytes.len() - HEAD) as u32;
        self.bytes[..4].copy_from_slice(&len.to_le_bytes());
        self.bytes[4..HEAD].copy_from_slice(&number.to_le_bytes());
        self.spool.append(&self.bytes).map_err(temporary)?;
        self.len += 1;
        Ok(())
    }

    /// The lists of columns that the rows have, in the order in which they came.
    pub fn columns(&self) -> &[Arc<Columns>] {
        &self.columns
    }

    fn number(&mut self, columns: &Arc<Columns>) -> u32 {
        let address = Arc::as_ptr(columns) as usize;
        *self.numbers.entry(address).or_insert_with(|| {
            self.columns.push(Arc::clone(columns));
            (self.columns.len() - 1) as u32
        })
    }
}

impl RowCursor {
    /// The next row; none behind the last one.
    ///
    /// # Errors
    /// Of the temporary file.
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
    /// Of the temporary file; there is no such row.
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

    /// How many bytes the next row has, and the number of its columns.
    fn head(&mut self, store: &RowStore) -> Result<(usize, u32), FatalError> {
        let head = self.bytes(store, HEAD)?;
        let number = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| head[at + byte]));
        Ok((number(0) as usize, number(4)))
    }

    /// So many bytes from the place on.
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

/// With the way out.
pub fn temporary(error: PathError) -> FatalError {
    FatalError(format!("{error}; --tmp-dir DIR takes another folder"))
}

fn damaged() -> FatalError {
    FatalError("the temporary file of the rows was changed by another process".into())
}

#[cfg(test)]
mod tests;
