//! Rows of pictures that are read ahead on many threads, in the order of their names.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use crate::row::table::ReadError;
use crate::row::{Columns, Field, Row};

use super::COLUMNS;

/// Pictures that each thread may be ahead.
const AHEAD: usize = 32;

type Read = Result<Row, ReadError>;

/// The rows of these files, with what the cameras say. Each thread reads every
/// n-th file, and the rows are taken from them in turn: so the order is kept
/// and no thread gets far ahead.
pub fn rows(
    files: impl Iterator<Item = io::Result<PathBuf>> + Send + 'static,
    threads: usize,
) -> impl Iterator<Item = Read> + Send {
    let columns = Columns::of(&COLUMNS);
    let (to, from): (Vec<_>, Vec<_>) =
        (0..threads.max(1)).map(|_| reader(Arc::clone(&columns))).unzip();
    thread::spawn(move || {
        for (number, file) in files.enumerate() {
            if to[number % to.len()].send(file).is_err() {
                return;
            }
        }
    });
    (0..).map_while(move |number: usize| from[number % from.len()].recv().ok())
}

/// Rows that have a path and nothing else yet.
pub fn paths(
    files: impl Iterator<Item = io::Result<PathBuf>> + Send,
) -> impl Iterator<Item = Read> + Send {
    let columns = Columns::of(&[Field::Path]);
    files.map(move |file| named(file, &columns))
}

fn reader(
    columns: Arc<Columns>,
) -> (std::sync::mpsc::SyncSender<io::Result<PathBuf>>, Receiver<Read>) {
    let (to, files) = sync_channel(AHEAD);
    let (rows, from) = sync_channel(AHEAD);
    thread::spawn(move || {
        for file in files {
            let row = named(file, &columns).and_then(read);
            if rows.send(row).is_err() {
                return;
            }
        }
    });
    (to, from)
}

fn read(mut row: Row) -> Read {
    let camera = super::read(Path::new(row.get(Field::Path).unwrap_or_default()));
    camera.map_err(wrong)?.fill(&mut row);
    Ok(row)
}

fn named(file: io::Result<PathBuf>, columns: &Arc<Columns>) -> Read {
    let file = file.map_err(|error| wrong(error.to_string()))?;
    let Some(name) = file.to_str() else {
        let shown = file.as_os_str().as_encoded_bytes().escape_ascii();
        return Err(wrong(format!("'{shown}': the name is not UTF-8")));
    };
    let mut row = Row::new(Arc::clone(columns));
    row.set(Field::Path, name);
    Ok(row)
}

fn wrong(what: String) -> ReadError {
    ReadError::Row { line: 0, what }
}
