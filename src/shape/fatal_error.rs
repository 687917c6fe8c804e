//! Errors that end the run.

use std::fmt;

use crate::threads::panics::{Panic, caught};

/// An error that ends the run: a refused token, a full disk. The text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FatalError(pub String);

impl FatalError {
    pub fn new(what: impl fmt::Display) -> FatalError {
        FatalError(what.to_string())
    }

    /// Runs the work; a bug in it ends the run like any other error.
    pub fn guard<T>(work: impl FnOnce() -> Result<T, FatalError>) -> Result<T, FatalError> {
        caught(work).unwrap_or_else(|bug| Err(bug.into()))
    }
}

impl From<Panic> for FatalError {
    fn from(bug: Panic) -> FatalError {
        FatalError::new(bug)
    }
}
