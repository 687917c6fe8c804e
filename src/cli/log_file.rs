//! The file of `--log-file`: messages and requests, each line with its time. Runs append to it.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::{SecondsFormat, Utc};

use crate::disk::open;
use crate::disk::output::Output;
use crate::run::{StdStream, Stop};

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A failure.
    Error,
    /// A warning to the user.
    Warning,
    /// Something the run waits for.
    Wait,
    /// The start and the end of a run.
    Info,
    /// A request to the service.
    Request,
}

/// An open log.
pub struct LogFile(Mutex<StdStream>);

impl LogFile {
    /// # Errors
    /// A file that cannot be written, or stdout, which is for the rows.
    pub fn open(path: &Path, stop: &Stop) -> io::Result<LogFile> {
        let out = match Output::named(path)? {
            Output::Stdout => return Err(io::Error::other("it is for rows: name a file")),
            Output::Stream(path) => StdStream::open(&path, stop, |_| ())?,
            Output::File(path) => StdStream::new(open::append(path)?, stop),
        };
        Ok(LogFile(Mutex::new(out)))
    }

    /// Appends a line with one write: other tools of the pipe may write to the same file.
    pub fn write(&self, line: &str) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
    }
}

/// Formats a line of the file.
pub fn line(level: Level, name: &str, text: &str) -> String {
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    format!("{time} {} {name}: {text}\n", level.word())
}

impl Level {
    pub fn event(self) -> &'static str {
        match self {
            Level::Wait => "wait",
            Level::Request => "request",
            _ => "message",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning | Level::Wait => "warning",
            Level::Info => "info",
            Level::Request => "request",
        }
    }
}
