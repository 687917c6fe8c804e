//! Reads rows of pictures ahead on many threads, in the order of their names.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::pictures::{MovedPhoto, MovedTo};
use crate::disk::positioned_io::read_at;
use crate::disk::{Action, AtPath, PathError, open};
use crate::row::row_format::{Cause, ReadError};
use crate::row::{Columns, Field, Row, json};
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
    let places: HashMap<PathBuf, MovedTo> =
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

fn read(mut row: Row, places: &HashMap<PathBuf, MovedTo>, heights: Heights) -> Read {
    let path = Path::new(row.get(Field::Path).unwrap_or_default());
    let file = match places.get(path) {
        None => path,
        Some(MovedTo::File(place)) => place,
        Some(MovedTo::Line { list, at, len }) => {
            let line = line(list, *at, *len).map_err(|error| wrong(error.to_string()))?;
            fill_from(&line, &mut row);
            return Ok(row);
        }
    };
    super::read(file, heights).map_err(wrong)?.fill(&mut row);
    Ok(row)
}

/// The row in a line of a list.
fn line(list: &Path, at: u64, len: usize) -> Result<Row, PathError> {
    let mut line = vec![0; len];
    let row = open::file(list).and_then(|file| {
        read_at(&file, &mut line, at)?;
        let line = str::from_utf8(&line).map_err(io::Error::other)?;
        json::parse(line.trim_end()).map_err(io::Error::other)
    });
    row.at_path(Action::Read, list)
}

/// All values but the path.
fn fill_from(line: &Row, row: &mut Row) {
    for (column, text, is_raw) in line.filled() {
        if column.field != Some(Field::Path) {
            row.set_column(column, text, is_raw);
        }
    }
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
