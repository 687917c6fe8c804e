//! Standard output as a pipe that also signals whether the rows are complete.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::disk::output::Output;
use crate::disk::pipe_completion::{Completion, FOREIGN, Writer};
use crate::run::{StdStream, Stop};

/// Ended once; if a process exits without that, its rows are incomplete.
pub struct PipeOut {
    writer: Mutex<Option<Writer>>,
    is_foreign: bool,
}

impl PipeOut {
    pub fn begin() -> PipeOut {
        let out = StdStream::stdout(&Stop::default()).ok();
        let writer = out.as_ref().and_then(StdStream::writer);
        PipeOut { writer: Mutex::new(writer), is_foreign: out.is_some_and(|out| out.is_foreign()) }
    }

    pub fn end(&self, completion: Completion) {
        self.take().into_iter().for_each(|pipe| pipe.end(completion));
    }

    /// Where rows are written to a file, nothing is reported through stdout, however the run ends: a reader that gets
    /// nothing has not got all rows.
    pub fn withdraw_for(&self, output: Option<&Path>) {
        if output.is_some_and(|path| !matches!(Output::named(path), Ok(Output::Stdout))) {
            self.take().into_iter().for_each(Writer::withdraw);
        }
    }

    /// Why the end of rows on stdout cannot be reported, if that is so.
    pub fn fault(&self) -> Option<&'static str> {
        self.is_foreign.then_some(FOREIGN)
    }

    fn take(&self) -> Option<Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
