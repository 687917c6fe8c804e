//! Standard output as a pipe that also signals whether the rows are complete.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::disk::output::Output;
use crate::run::pipe_completion::{Completion, Writer};
use crate::run::{StdStream, Stop};

/// Ended once; if a process exits without that, its rows are incomplete.
pub struct PipeOut(Mutex<Option<Writer>>);

impl PipeOut {
    pub fn begin() -> PipeOut {
        PipeOut(Mutex::new(StdStream::stdout(&Stop::default()).ok().and_then(|out| out.writer())))
    }

    pub fn end(&self, completion: Completion) {
        let pipe = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        pipe.into_iter().for_each(|pipe| pipe.end(completion));
    }

    /// Where rows are written to a file, none are expected on stdout, however the run ends.
    pub fn end_without_rows(&self, output: Option<&Path>) {
        if output.is_some_and(|path| !matches!(Output::named(path), Ok(Output::Stdout))) {
            self.end(Completion::Complete);
        }
    }
}
