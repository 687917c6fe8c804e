//! Rows of pictures that are read ahead on many threads, in the order of their names.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::row::row_format::{Cause, ReadError};
use crate::row::{Columns, Field, Row};
use crate::value::height::Heights;
use crate::value::panics::caught;

use super::COLUMNS;

/// Pictures that each thread may be ahead.
const AHEAD: usize = 32;

type Read = Result<Row, ReadError>;
type Found = Result<PathBuf, ReadError>;

/// The rows of these files, with what the cameras say. Each thread reads every
/// n-th file, and the rows are taken from them in turn: so the order is kept
/// and no thread gets far ahead.
pub fn rows(
    files: impl Iterator<Item = io::Result<PathBuf>> + Send + 'static,
    threads: usize,
    heights: Heights,
) -> impl Iterator<Item = Read> + Send {
    rows_by(move |row| read(row, heights), files, threads)
}

fn rows_by(
    read: impl Fn(Row) -> Read + Copy + Send + 'static,
    files: impl Iterator<Item = io::Result<PathBuf>> + Send + 'static,
    threads: usize,
) -> impl Iterator<Item = Read> + Send {
    let columns = Columns::from_fields(&COLUMNS);
    let (to, from): (Vec<_>, Vec<_>) =
        (0..threads.max(1)).map(|_| reader(Arc::clone(&columns), read)).unzip();
    thread::spawn(move || {
        let mut files = files.map(|file| file.map_err(|error| wrong(error.to_string())));
        for to in to.iter().cycle() {
            let Some(file) = unless_bug(|| files.next().transpose()).transpose() else { return };
            let is_bug = matches!(file, Err(ReadError::Input(_)));
            if to.send(file).is_err() || is_bug {
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
    let columns = Columns::from_fields(&[Field::Path]);
    files.map(move |file| {
        let file = file.map_err(|error| wrong(error.to_string()))?;
        named(&file, &columns)
    })
}

fn reader(
    columns: Arc<Columns>,
    read: impl Fn(Row) -> Read + Send + 'static,
) -> (SyncSender<Found>, Receiver<Read>) {
    let (to, files) = sync_channel::<Found>(AHEAD);
    let (rows, from) = sync_channel(AHEAD);
    thread::spawn(move || {
        for file in files {
            let row = file.and_then(|file| unless_bug(|| named(&file, &columns).and_then(&read)));
            if rows.send(row).is_err() {
                return;
            }
        }
    });
    (to, from)
}

/// A bug ends the rows as an input that breaks off does: the run does not take it for their end.
fn unless_bug<T>(work: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    caught(work).unwrap_or_else(|bug| Err(ReadError::Input(io::Error::other(bug))))
}

fn read(mut row: Row, heights: Heights) -> Read {
    let camera = super::read(Path::new(row.get(Field::Path).unwrap_or_default()), heights);
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
mod tests {
    use super::*;

    /// How the rows of seven files end, of which some are read by this.
    fn ends(read: fn(Row) -> Read, files: fn(usize) -> io::Result<PathBuf>) -> Vec<String> {
        rows_by(read, (0..7).map(files), 3)
            .map(|row| row.map_or_else(|error| error.to_string(), |_| "row".to_string()))
            .collect()
    }

    #[test]
    fn a_panic_while_reading_ahead_is_no_end_of_the_rows() {
        let name = |at: usize| Ok(PathBuf::from(format!("{at}.jpg")));
        assert_eq!(ends(Ok, name), ["row"; 7]);
        let broken = ends(
            |row| if row.get(Field::Path) == Some("4.jpg") { panic!("no 4") } else { Ok(row) },
            name,
        );
        assert!(broken[4].contains("internal error: no 4"), "{broken:?}");
        let broken = ends(Ok, |at| if at == 5 { panic!("no folder") } else { Ok(PathBuf::new()) });
        assert!(broken[5].contains("internal error: no folder"), "{broken:?}");
        assert_eq!(broken.len(), 6);
    }
}
