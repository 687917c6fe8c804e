//! Errors of communication with the service, for one row or for the whole run.

use std::{fmt, io};

/// What a failure affects, and what the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// This item failed; the next one may succeed, and running again may help.
    Row,
    /// Like `Row`, but the service says that it will not accept the item.
    Refused,
    /// No request can succeed: a refused token, an endpoint that is not a URL.
    Run,
    /// The service wants a smaller request: a smaller box, fewer rows.
    TooMuch,
    /// The object does not have the requested fields.
    WrongType,
    /// The cursor of a page is not valid any more: list again from the start.
    LostCursor,
    /// The URL of a picture has expired or is refused: request a fresh one from the entity.
    Expired,
    /// The caller's sink could not write the received bytes.
    Write(io::ErrorKind),
    /// The run was stopped during this request.
    Stopped,
}

/// An error with a message for the user: lower case, no secrets, the remedy last if there is one.
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

    /// True if no further request of this run can succeed.
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
