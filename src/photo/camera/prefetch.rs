//! Reads rows of pictures ahead on many threads, in the order of their names.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::pictures::MovedPhoto;
use crate::row::row_format::{Cause, ReadError};
use crate::row::{Columns, Field, Row};
use crate::threads::ordered;
use crate::value::height_validity::Heights;

use super::COLUMNS;

/// Number of pictures that each thread may be ahead.
const AHEAD: usize = 32;

type Read = Result<Row, ReadError>;

/// The rows of these files, with their metadata; that of a photo that was `moved` is read at its new place.
pub fn rows(
    files: impl Iterator<Item = io::Result<PathBuf>> + Send + 'static,
    moved: Vec<MovedPhoto>,
    threads: usize,
    heights: Heights,
) -> impl Iterator<Item = Read> + Send {
    let places: HashMap<PathBuf, PathBuf> =
        moved.into_iter().map(|photo| (photo.from, photo.place)).collect();
    rows_by(move |row| read(row, &places, heights), files, threads)
}

fn rows_by(
    read: impl Fn(Row) -> Read + Send + Sync + 'static,
    files: impl Iterator<Item = io::Result<PathBuf>> + Send + 'static,
    threads: usize,
) -> impl Iterator<Item = Read> + Send {
    let columns = Columns::from_fields(&COLUMNS);
    let row = move |file: io::Result<PathBuf>| {
        let file = file.map_err(|error| wrong(error.to_string()))?;
        named(&file, &columns).and_then(&read)
    };
    // A bug ends the rows like a truncated input: the run does not mistake it for the end of the rows.
    ordered::map(files, threads, AHEAD * threads, row)
        .map(|row| row.unwrap_or_else(|bug| Err(bug.into())))
}

/// Rows that have a path and nothing else yet.
pub fn paths(
    files: impl Iterator<Item = io::Result<PathBuf>> + Send,
) -> impl Iterator<Item = Read> + Send {
    let columns = Columns::from_fields(&[Field::Path]);
    files.map(move |file| {
        let file = file.map_err(|error| wrong(error.to_string()))?;
        named(&file, &columns)
    })
}

fn read(mut row: Row, places: &HashMap<PathBuf, PathBuf>, heights: Heights) -> Read {
    let path = Path::new(row.get(Field::Path).unwrap_or_default());
    let camera = super::read(places.get(path).map_or(path, PathBuf::as_path), heights);
    camera.map_err(wrong)?.fill(&mut row);
    Ok(row)
}

fn named(file: &Path, columns: &Arc<Columns>) -> Read {
    let Some(name) = file.to_str() else {
        let shown = file.as_os_str().as_encoded_bytes().escape_ascii();
        return Err(wrong(format!("'{shown}': the name is not UTF-8")));
    };
    let mut row = Row::new(Arc::clone(columns));
    row.set(Field::Path, name);
    Ok(row)
}

fn wrong(what: impl Into<Cause>) -> ReadError {
    ReadError::row(0, what)
}

#[cfg(test)]
mod tests;
