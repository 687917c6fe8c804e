//! The results for the rows of filed photos: the new path, or why there is none.

use std::collections::HashMap;

use crate::archive::locate::Found;
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::provenance::Status;

/// The results for the rows of filed photos, by row number.
#[derive(Default)]
pub struct FiledRows {
    pub packed: HashMap<usize, Found>,
    pub filed: HashMap<usize, (Option<String>, Status)>,
    pub failed: HashMap<usize, String>,
}

impl FiledRows {
    /// Writes the current path of the photo into its row.
    ///
    /// # Errors
    /// If the photo was not found.
    pub fn tell(&self, at: usize, row: &mut Row) -> Result<(), RowError> {
        if let Some(packed) = self.packed.get(&at) {
            packed.tell(row);
            row.set(Field::Status, Status::Kept.word());
        }
        if let Some((path, status)) = self.filed.get(&at) {
            path.iter().for_each(|path| row.set(Field::Path, path));
            row.set(Field::Status, status.word());
        }
        match self.failed.get(&at) {
            Some(what) => Err(what.as_str().into()),
            None => Ok(()),
        }
    }
}
