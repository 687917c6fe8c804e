//! What ends a run.

use std::fmt;

use crate::threads::panics::{Panic, caught};

/// What ends the run: a refused token, a full disk. The text says the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FatalError(pub String);

impl FatalError {
    pub fn new(what: impl fmt::Display) -> FatalError {
        FatalError(what.to_string())
    }

    /// Does the work, whose bugs end the run as any other fault does.
    pub fn guard<T>(work: impl FnOnce() -> Result<T, FatalError>) -> Result<T, FatalError> {
        caught(work).unwrap_or_else(|bug| Err(bug.into()))
    }
}

impl From<Panic> for FatalError {
    fn from(bug: Panic) -> FatalError {
        FatalError::new(bug)
    }
}
