//! What went wrong: with one row or place, or for the whole run.

use crate::row::Row;
use crate::service;

use super::fatal_error::FatalError;
use super::outcome::Outcome;

/// What went wrong: with one row or place, or for the whole run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It fails alone, and a rerun may help. The text says what and why.
    #[error("{0}")]
    Row(String),
    #[error(transparent)]
    Run(#[from] FatalError),
}

impl Error {
    /// What becomes of the row that this happened to.
    ///
    /// # Errors
    /// What ends the run.
    pub fn fail(self, row: Row) -> Result<Outcome, FatalError> {
        match self {
            Error::Row(what) => Ok(Outcome::Failed(row, what)),
            Error::Run(fault) => Err(fault),
        }
    }
}

impl From<String> for Error {
    fn from(what: String) -> Error {
        Error::Row(what)
    }
}

/// A refused token, say, ends the run; what is said of one picture is of its row.
impl From<service::Error> for Error {
    fn from(error: service::Error) -> Error {
        if error.is_of_run() {
            Error::Run(FatalError(error.message))
        } else {
            Error::Row(error.message)
        }
    }
}
