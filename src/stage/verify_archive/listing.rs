//! The file that lists the pictures of a collection.

use std::path::{Path, PathBuf};

use super::FatalError;
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::row::Row;
use crate::row::row_format::{ReadError, Reader};

/// The rows of a file that lists a collection.
pub struct Listing {
    path: PathBuf,
    rows: Reader,
}

impl Listing {
    pub fn open(path: &Path) -> Result<Listing, FatalError> {
        let input = open::file(path).at_path(Action::Read, path)?;
        let rows = Reader::new(input).map_err(|error| unread(path, &error))?;
        Ok(Listing { path: path.to_path_buf(), rows })
    }

    pub fn next(&mut self) -> Result<Option<Row>, FatalError> {
        self.rows.next_row().transpose().map_err(|error| unread(&self.path, &error))
    }
}

/// The error for a listing with an unreadable row.
fn unread(path: &Path, error: &ReadError) -> FatalError {
    FatalError(format!("cannot read '{}': {error}", path.display()))
}
