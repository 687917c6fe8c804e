//! `images.jsonl`: a row for each picture of a folder, over all jobs. verify-archive and serve-archive read it.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use crate::disk::atomic_file::Replacement;
use crate::disk::{Action, PathError};
use crate::row::{Field, Row, json};
use crate::run::input;
use crate::shape::FatalError;

/// Replaces the rows of the same pictures, at the end of the file; all others stay.
pub fn update(catalog: &Path, rows: &Path) -> Result<(), FatalError> {
    let wrong = |error| FatalError::from(PathError::new(Action::Write, catalog, error));
    let mut new = HashSet::new();
    for_each(rows, |row| {
        new.extend(id_of(row));
        Ok(())
    })?;
    if new.is_empty() {
        return Ok(());
    }
    let mut out = Out {
        writer: json::Writer::new(&[], &[]),
        // Another job of this folder may be updating it.
        file: Replacement::create_in_turn(catalog).map_err(wrong)?,
        line: Vec::new(),
    };
    if catalog.exists() {
        for_each(catalog, |row| match id_of(row) {
            Some(id) if new.contains(&id) => Ok(()),
            _ => out.write(row).map_err(wrong),
        })?;
    }
    for_each(rows, |row| out.write(row).map_err(wrong))?;
    out.file.finish(None, true).map_err(wrong)
}

struct Out {
    writer: json::Writer,
    file: Replacement,
    line: Vec<u8>,
}

impl Out {
    fn write(&mut self, row: &Row) -> io::Result<()> {
        self.line.clear();
        self.writer.write(row, &mut self.line);
        self.file.write_all(&self.line)
    }
}

/// An id as a number; the row of an id that is not a number stays for good.
fn id_of(row: &Row) -> Option<u64> {
    row.get(Field::ImgId)?.parse().ok()
}

/// Calls a function for each row of a file. A line that is not a row would be lost, so it is an error.
pub fn for_each(
    path: &Path,
    mut take: impl FnMut(&Row) -> Result<(), FatalError>,
) -> Result<(), FatalError> {
    for row in input::rows_of(path)? {
        let row = row.map_err(|error| FatalError(format!("'{}': {error}", path.display())))?;
        take(&row)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
