//! The rows, indexed by the path of their photo.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::row::{Field, Row};
use crate::shape::FatalError;

/// Iterates over all rows, with the results so far.
pub type EachRow<'a> =
    dyn Fn(&mut dyn FnMut(usize, Row) -> Result<(), FatalError>) -> Result<(), FatalError> + 'a;

/// The rows, indexed by the path of their photo.
pub struct RowsByPath(HashMap<PathBuf, RowOfPath>);

#[derive(Clone)]
pub struct RowOfPath {
    pub at: usize,
    /// As in the row.
    pub path: String,
    pub has_sequence: bool,
}

impl RowsByPath {
    pub fn new(each: &EachRow) -> Result<RowsByPath, FatalError> {
        let mut rows = HashMap::new();
        each(&mut |at, row| {
            let Some(path) = row.get(Field::Path) else { return Ok(()) };
            if let Ok(place) = std::path::absolute(path) {
                let has_sequence = row.get(Field::SeqId).is_some();
                rows.insert(place, RowOfPath { at, path: path.to_string(), has_sequence });
            }
            Ok(())
        })?;
        Ok(RowsByPath(rows))
    }

    pub fn row_of(&self, path: &Path) -> Option<&RowOfPath> {
        self.0.get(&std::path::absolute(path).ok()?)
    }
}
