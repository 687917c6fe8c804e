//! The input of a run and its file, before anything has been read.

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

/// The source of the rows.
pub enum Input {
    Stdin,
    File(PathBuf),
    /// A file (`None` is standard input) with CSV that has no header; the text is the header line.
    Headless(Option<PathBuf>, String),
    /// Rows made by the tool itself, from folders or flags.
    Rows(Made),
    /// Rows of the pictures in folders. If there are none, that is no proof that this is everything.
    Found(Made),
    /// A file (`None` is standard input) with rows, or with something that the tool makes rows from.
    Look(Option<PathBuf>, Look),
    /// The rows of an input that belong to one share.
    Share(Box<Input>, Share),
}

/// Detects the content of a stream.
pub type Look = Box<dyn FnOnce(Box<dyn Read + Send>) -> Result<Opened, FatalError>>;

/// Rows that do not come from a stream.
pub type Made = Box<dyn Iterator<Item = Result<Row, ReadError>> + Send>;

/// Whether a file is not an archive; its position is restored.
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

/// The error about an input that cannot be opened, with its name.
pub fn fault(name: &str, error: &ReadError) -> FatalError {
    match error {
        ReadError::Input(error) => cannot_read(name, error),
        ReadError::Row { .. } => FatalError(format!("{name}: {error}")),
    }
}

/// The error about an input that cannot be read any further. The tool's own rows have no name.
pub fn cannot_read(name: &str, error: &io::Error) -> FatalError {
    FatalError(format!("cannot read {}: {error}", if name.is_empty() { "rows" } else { name }))
}
