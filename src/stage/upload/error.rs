//! Why a sequence was not uploaded.

use std::path::PathBuf;

use crate::disk::PathError;
use crate::photo::description;
use crate::service;
use crate::threads::panics::Panic;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Photo(#[from] description::Error),
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("'{0}' was changed by another process meanwhile: run again")]
    Changed(PathBuf),
    #[error(transparent)]
    Service(#[from] service::Error),
    #[error(transparent)]
    Journal(PathError),
    #[error("another run is sending this sequence")]
    Busy,
    #[error("'{path}' is not a ZIP of a sequence: {why}")]
    NotASequence { path: PathBuf, why: String },
    #[error(transparent)]
    Bug(#[from] Panic),
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// Whether no other sequence can be sent either.
    pub fn is_of_run(&self) -> bool {
        match self {
            Error::Service(error) => error.is_of_run() || error.kind == service::ErrorKind::Stopped,
            Error::Journal(_) | Error::Bug(_) | Error::Interrupted => true,
            _ => false,
        }
    }
}
