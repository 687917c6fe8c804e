//! Stores rows in a temporary file until all have arrived, with half a byte a row in memory.

mod row_cursor;

use std::path::Path;

use crate::disk::PathError;
use crate::disk::spool::Spool;
use crate::row::Row;
use crate::row::stored::StoredColumns;
use crate::shape::FatalError;
pub use row_cursor::RowCursor;

/// The offset of one row in this many is kept in memory; the others are found from there.
const STRIDE: usize = 16;
/// Each row's bytes are preceded by their length and the number of the row's column list.
const HEAD: usize = 8;

/// Rows in the order in which they were added.
pub struct RowStore {
    spool: Spool,
    places: Vec<u64>,
    len: usize,
    columns: StoredColumns,
    bytes: Vec<u8>,
}

impl RowStore {
    /// A store whose file is in this folder, once there is one.
    pub fn new(folder: &Path) -> RowStore {
        RowStore {
            spool: Spool::new(folder),
            places: Vec::new(),
            len: 0,
            columns: StoredColumns::default(),
            bytes: Vec::new(),
        }
    }

    /// Removes all rows and their file.
    pub fn clear(&mut self) {
        self.spool = self.spool.fresh();
        (self.places, self.columns) = Default::default();
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
    /// If the temporary file cannot be read or written.
    pub fn push(&mut self, row: &Row) -> Result<(), FatalError> {
        if self.len.is_multiple_of(STRIDE) {
            self.places.push(self.spool.len());
        }
        let number = self.columns.number(row.columns());
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
}

/// The error for a temporary file that does not hold what was written to it.
pub fn damaged() -> FatalError {
    FatalError("the temporary file of the rows was changed by another process".into())
}

/// Adds the remedy to the error.
pub fn temporary(error: PathError) -> FatalError {
    FatalError(format!("{error}; --tmp-dir DIR takes another folder"))
}

#[cfg(test)]
mod tests;
