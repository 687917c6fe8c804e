//! Rows that wait until all have come: in a temporary file, so that half a byte a row is held and not the row.

mod row_cursor;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::disk::PathError;
use crate::disk::spool::Spool;
use crate::row::{Columns, Row};
use crate::shape::FatalError;
pub use row_cursor::RowCursor;

/// The place of one row in so many is held; the others are found from there.
const STRIDE: usize = 16;
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

/// With the way out.
pub fn temporary(error: PathError) -> FatalError {
    FatalError(format!("{error}; --tmp-dir DIR takes another folder"))
}

#[cfg(test)]
mod tests;
