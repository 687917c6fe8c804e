//! What went wrong between us and the service, and whether it concerns one row or the whole run.

use std::{fmt, io};

/// Whom a failure concerns, and what the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// This item failed; the next one may do, and running again may help.
    Row,
    /// The same, and the service says that it will not be taken.
    Refused,
    /// No request can succeed: a refused token, an endpoint that is no URL.
    Run,
    /// The service wants a smaller question: a smaller box, fewer rows.
    TooMuch,
    /// The object has not the fields asked for.
    WrongType,
    /// The URL of a picture has expired or is refused: ask the entity for a fresh one.
    Expired,
    /// What was received could not be written by the caller's own sink.
    Write(io::ErrorKind),
    /// The run was asked to stop while this waited.
    Stopped,
}

/// A failure in words for the user: lower case, no secrets, the way out last when there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    pub message: String,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub fn row(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Row, message)
    }

    /// True when no further request of this run can succeed.
    pub fn is_of_run(&self) -> bool {
        self.kind == ErrorKind::Run
    }

    pub(super) fn stopped() -> Self {
        Self::new(ErrorKind::Stopped, "stopped before the answer came")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
