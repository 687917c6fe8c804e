//! Standard output as a pipe that also signals whether the rows are complete.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::disk::output::Output;
use crate::disk::pipe_completion::{Completion, Writer};
use crate::run::{StdStream, Stop};

/// Ended once; if a process exits without that, its rows are incomplete.
pub struct PipeOut(Mutex<Option<Writer>>);

impl PipeOut {
    pub fn begin() -> PipeOut {
        PipeOut(Mutex::new(StdStream::stdout(&Stop::default()).ok().and_then(|out| out.writer())))
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

    fn take(&self) -> Option<Writer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
