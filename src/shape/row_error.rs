//! An error of one row. It does not end the run; see [`super::FatalError`].

use std::{fmt, io};

use super::{Error, FatalError, Outcome};
use crate::archive;
use crate::disk::PathError;
use crate::format::detection;
use crate::format::jpeg::ProfileError;
use crate::format::pixel_comparison::Difference;
use crate::format::source::Unread;
use crate::format::{tar, thumbnail};
use crate::row::row_format::ReadError;
use crate::row::{self, Row, WrongValue};
use crate::value;
use crate::value::geo::NoPosition;

/// What is wrong with a row, by the layer that found it.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    #[error(transparent)]
    Value(#[from] value::Error),
    #[error(transparent)]
    WrongValue(#[from] WrongValue),
    #[error(transparent)]
    Row(#[from] row::Error),
    #[error(transparent)]
    Path(#[from] PathError),
    #[error(transparent)]
    Archive(#[from] archive::Error),
    #[error(transparent)]
    MemberName(#[from] tar::NameError),
    #[error(transparent)]
    Detection(#[from] detection::Error),
    #[error(transparent)]
    Difference(#[from] Difference),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Thumbnail(#[from] thumbnail::Error),
    #[error(transparent)]
    Place(#[from] NoPosition),
    #[error(transparent)]
    Unread(#[from] ReadError),
    #[error(transparent)]
    Format(#[from] Unread),
    /// An error of the system, where the surrounding message names the path.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// An error found by the tool itself, with its message.
    #[error("{0}")]
    Tool(String),
}

impl From<String> for RowError {
    fn from(words: String) -> RowError {
        RowError::Tool(words)
    }
}

impl From<&str> for RowError {
    fn from(words: &str) -> RowError {
        RowError::Tool(words.to_string())
    }
}

impl From<archive::NotFound> for RowError {
    fn from(error: archive::NotFound) -> RowError {
        RowError::Archive(error.into())
    }
}

impl From<PathError> for FatalError {
    fn from(error: PathError) -> FatalError {
        FatalError::new(error)
    }
}

impl From<RowError> for Error {
    fn from(error: RowError) -> Error {
        Error::Row(error.to_string())
    }
}

impl Outcome {
    /// The outcome of a row that failed with this error.
    pub fn failed(row: Row, what: impl fmt::Display) -> Outcome {
        Outcome::Failed(row, what.to_string())
    }
}
