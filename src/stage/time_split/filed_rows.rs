//! What becomes of the rows of photos that are filed: where each is now, or why it is nowhere.

use std::collections::HashMap;

use crate::archive::locate::Found;
use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::provenance::Status;

/// What becomes of the rows of photos that are filed, by their numbers.
#[derive(Default)]
pub struct FiledRows {
    pub packed: HashMap<usize, Found>,
    pub filed: HashMap<usize, (Option<String>, Status)>,
    pub failed: HashMap<usize, String>,
}

impl FiledRows {
    /// Says in a row where its photo is now.
    ///
    /// # Errors
    /// The photo is nowhere.
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
