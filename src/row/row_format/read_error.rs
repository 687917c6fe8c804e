//! Why rows cannot be read: an error in one row, or in the input itself.

use std::fmt;
use std::io;

use crate::threads::panics::Panic;

/// Why a row could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// An error in this row only: the next call continues after it. The line is 0 for a row that did not come
    /// from an input.
    Row { line: u64, what: Cause },
    /// An error of the input itself.
    Input(io::Error),
}

/// What is wrong with a row: an [`Error`](crate::row::Error), or the error of the tool that made it.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

impl ReadError {
    pub fn row(line: u64, what: impl Into<Cause>) -> ReadError {
        ReadError::Row { line, what: what.into() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Row { line: 0, what } => write!(f, "{what}"),
            ReadError::Row { line, what } => write!(f, "line {line}: {what}"),
            ReadError::Input(error) => write!(f, "cannot read rows: {error}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// A bug while reading ends the input: the rows so far are not complete.
impl From<Panic> for ReadError {
    fn from(bug: Panic) -> ReadError {
        ReadError::Input(io::Error::other(bug))
    }
}
