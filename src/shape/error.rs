//! Errors: of one row or node, or of the whole run.

use crate::row::Row;
use crate::service;

use super::fatal_error::FatalError;
use super::outcome::Outcome;

/// An error of one row or node, or of the whole run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Only this row fails, and a rerun may help. The text names the cause.
    #[error("{0}")]
    Row(String),
    #[error(transparent)]
    Run(#[from] FatalError),
}

impl Error {
    /// The outcome of the row in which this error occurred.
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

/// Decides whether an error of the service ends the run (a refused token) or fails the row (an error of one
/// picture).
impl From<service::Error> for Error {
    fn from(error: service::Error) -> Error {
        if error.is_of_run() {
            Error::Run(FatalError(error.message))
        } else {
            Error::Row(error.message)
        }
    }
}
