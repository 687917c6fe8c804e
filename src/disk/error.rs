//! An I/O error with its operation and path. This is the only place that adds paths to errors.

use std::io;
use std::path::{Path, PathBuf};

use crate::value::string_enum::words;

/// The operation on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Open,
    Read,
    ReadFolder,
    ReadTrack,
    MakeFolder,
    Run,
    Write,
    WriteIn,
    Use,
    UseFolder,
    Remove,
    Settle,
    NoteDamage,
    KeepJournal,
    KeepTemporary,
    ReadTemporary,
}

words!(Action:
    Open = "open",
    Read = "read",
    ReadFolder = "read folder",
    ReadTrack = "read track",
    MakeFolder = "make folder",
    Run = "run",
    Write = "write",
    WriteIn = "write in",
    Use = "use",
    UseFolder = "use folder",
    Remove = "remove",
    Settle = "settle",
    NoteDamage = "keep the note of damage in",
    KeepJournal = "keep the journal",
    KeepTemporary = "keep temporary data in",
    ReadTemporary = "read temporary data in",
);

/// `cannot open 'a.jpg': Permission denied`.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} '{}': {error}", path.display())]
pub struct PathError {
    pub action: Action,
    pub path: PathBuf,
    pub error: io::Error,
}

impl PathError {
    pub fn new(action: Action, path: &Path, error: io::Error) -> PathError {
        PathError { action, path: path.to_path_buf(), error }
    }

    /// Adds the same operation and path to each error of a function, for `map_err`.
    pub fn at(action: Action, path: &Path) -> impl Fn(io::Error) -> PathError + Copy {
        move |error| PathError::new(action, path, error)
    }

    /// As an I/O error, for callers that can return no other kind.
    pub fn into_io(self) -> io::Error {
        io::Error::new(self.error.kind(), self)
    }
}

/// Adds operation and path to the error of a result.
pub trait AtPath<T> {
    /// # Errors
    /// The error, with operation and path.
    fn at_path(self, action: Action, path: &Path) -> Result<T, PathError>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at_path(self, action: Action, path: &Path) -> Result<T, PathError> {
        self.map_err(|error| PathError::new(action, path, error))
    }
}

#[cfg(test)]
mod tests;
