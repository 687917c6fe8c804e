//! Where rows come from, and the file that has them, before anything is known of it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::archive::packed::sniff;
use crate::disk::{self, Action, AtPath};
use crate::photo::group_key::Share;
use crate::row::Row;
use crate::row::row_format::ReadError;
use crate::shape::{FatalError, Opened};

use super::stdio;

/// Where rows come from.
pub enum Input {
    Stdin,
    File(PathBuf),
    /// One of these (none is standard input) whose CSV lacks its header, which is this line.
    Headless(Option<PathBuf>, String),
    /// Rows made by the tool itself, from folders or flags.
    Rows(Made),
    /// A file, or (none) standard input, that may be rows or what the tool
    /// makes rows of.
    Look(Option<PathBuf>, Look),
    /// Of these the rows of one share.
    Share(Box<Input>, Share),
}

/// Finds out what a stream is.
pub type Look = Box<dyn FnOnce(Box<dyn Read + Send>) -> Result<Opened, FatalError>>;

/// Rows that come from no stream.
pub type Made = Box<dyn Iterator<Item = Result<Row, ReadError>> + Send>;

/// Whether a file is no archive; it is left where it was.
pub fn is_rows(file: &mut File) -> bool {
    let Ok(start) = file.stream_position() else { return true };
    let form = file.try_clone().and_then(sniff::look);
    let is_back = file.seek(SeekFrom::Start(start)).is_ok();
    is_back && matches!(form, Ok(sniff::TarKind::None(_)))
}

pub fn open(path: &Path) -> Result<File, FatalError> {
    Ok(disk::open::stream_at_once(path).at_path(Action::Open, path)?)
}

pub fn stdin() -> Result<File, FatalError> {
    stdio::stdin().map_err(|error| FatalError(format!("cannot read standard input: {error}")))
}

/// The error of an input that cannot be begun, by its name.
pub fn fault(name: &str, error: &ReadError) -> FatalError {
    match error {
        ReadError::Input(error) => cannot_read(name, error),
        ReadError::Row { .. } => FatalError(format!("{name}: {error}")),
    }
}

/// The same of one that cannot be read on. The tool's own rows have no name.
pub fn cannot_read(name: &str, error: &io::Error) -> FatalError {
    FatalError(format!("cannot read {}: {error}", if name.is_empty() { "rows" } else { name }))
}
