//! The files that list the pictures of a collection.

use std::path::{Path, PathBuf};

use super::FatalError;
use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::row::Row;
use crate::row::row_format::{ReadError, Reader};

/// The bits of a line number in its list. More lines than that fit in no file.
const LINE_BITS: u32 = 48;

/// The rows of all files that list a collection, one file after the other.
pub struct Listings {
    paths: Vec<PathBuf>,
    /// The open one.
    rows: Option<Reader>,
    /// Its number, and that of the next line.
    list: usize,
    line: u64,
}

impl Listings {
    pub fn new(paths: &[PathBuf]) -> Listings {
        Listings { paths: paths.to_vec(), rows: None, list: 0, line: 0 }
    }

    /// The next row, and its number among the rows of all lists, which increases.
    pub fn next(&mut self) -> Result<Option<(u64, Row)>, FatalError> {
        while let Some(path) = self.paths.get(self.list) {
            let rows = match &mut self.rows {
                Some(rows) => rows,
                none => none.insert(opened(path)?),
            };
            match rows.next_row().transpose().map_err(|error| unread(path, &error))? {
                Some(row) => {
                    let number = ((self.list as u64) << LINE_BITS) + self.line;
                    self.line += 1;
                    return Ok(Some((number, row)));
                }
                None => (self.rows, self.list, self.line) = (None, self.list + 1, 0),
            }
        }
        Ok(None)
    }
}

/// The list of the row with this number.
pub fn list_of(number: u64) -> u64 {
    number >> LINE_BITS
}

fn opened(path: &Path) -> Result<Reader, FatalError> {
    let input = open::file(path).at_path(Action::Read, path)?;
    Reader::new(input).map_err(|error| unread(path, &error))
}

/// The error for a listing with an unreadable row.
fn unread(path: &Path, error: &ReadError) -> FatalError {
    FatalError(format!("cannot read '{}': {error}", path.display()))
}
