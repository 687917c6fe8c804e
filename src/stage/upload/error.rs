//! Why a sequence was not sent.

use std::io;
use std::path::PathBuf;

use crate::photo::description;
use crate::service;
use crate::threads::panics::Panic;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Photo(#[from] description::Error),
    #[error("cannot read '{path}': {error}")]
    Read { path: PathBuf, error: io::Error },
    #[error("'{0}' was changed by another process meanwhile: run again")]
    Changed(PathBuf),
    #[error(transparent)]
    Service(#[from] service::Error),
    #[error("cannot keep the journal '{path}': {error}")]
    Journal { path: PathBuf, error: io::Error },
    #[error("another run is sending this sequence")]
    Busy,
    #[error("cannot write '{path}': {error}")]
    Zip { path: PathBuf, error: io::Error },
    #[error("'{path}' is no ZIP of a sequence: {why}")]
    NotASequence { path: PathBuf, why: String },
    #[error(transparent)]
    Bug(#[from] Panic),
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// Whether nothing else can be sent either.
    pub fn is_of_run(&self) -> bool {
        match self {
            Error::Service(error) => error.is_of_run() || error.kind == service::ErrorKind::Stopped,
            Error::Journal { .. } | Error::Bug(_) | Error::Interrupted => true,
            _ => false,
        }
    }
}
