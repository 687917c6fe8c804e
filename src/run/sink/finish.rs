//! Finishes an output: writes the rest, and decides whether it is complete.

use crate::disk::atomic_file;
use crate::disk::pipe_completion::Completion;
use crate::shape::{Diagnostics, FatalError};

use super::super::failed::Answered;
use super::Sink;

/// Why a file is not renamed into place although no row of this run has failed.
pub const ROWS_MISSING: &str = "the tool before this one in the pipe had rows that failed, and they are missing here; \
    run the whole pipe again, or complete the file without them by --accept-failed";

impl Sink {
    /// Writes the rest. A complete `-o` file is renamed into place; `--failed` always is. `is_through`: whether the run
    /// has processed all rows; `answered`: which rows it has.
    pub fn finish(
        mut self,
        is_through: bool,
        answered: Option<Answered>,
    ) -> Result<Completion, FatalError> {
        let had_out = self.out.is_some();
        if had_out && is_through {
            self.rows.finish(&mut self.buffer).map_err(FatalError::new)?;
        }
        if !is_through && !self.has_begun {
            // A header alone would look like an answer without rows.
            self.buffer.clear();
        }
        self.flush()?;
        // Rows that nobody has read count as unanswered.
        let is_lost = self.is_closed || (had_out && self.out.is_none());
        let note = match self.failed.take() {
            None => None,
            Some(failed) if is_through => failed.finish(self.unreadable)?,
            Some(failed) => failed.finish_early(answered.filter(|_| !is_lost))?,
        };
        note.iter().for_each(|note| self.tally.warn(note));
        let completion = if is_through { self.completion() } else { Completion::Cut };
        if let Some(out) = self.out.take() {
            if completion == Completion::Complete && !out.is_stream() {
                self.sync_files()?;
            }
            out.finish(completion)?;
        }
        Ok(completion)
    }

    /// After a power failure there must be no list of files that do not exist.
    fn sync_files(&self) -> Result<(), FatalError> {
        let Some(folder) = self.folder.as_deref().filter(|folder| folder.exists()) else {
            return Ok(());
        };
        atomic_file::sync_disk_of(folder).map_err(|error| {
            FatalError(format!("cannot write the files in '{}' to disk: {error}", folder.display()))
        })
    }

    /// The completion of a run that has processed all rows.
    fn completion(&self) -> Completion {
        let accepted = |completion| match completion {
            Completion::RowsMissing => self.accept_failed,
            Completion::Unproven => self.accept_empty,
            Completion::Complete | Completion::Cut => false,
        };
        let or_accepted = |it| if accepted(it) { Completion::Complete } else { it };
        let told = or_accepted(self.told.get().copied().unwrap_or(Completion::Complete));
        match told {
            Completion::RowsMissing if self.makes_file => self.tally.warn(ROWS_MISSING),
            Completion::Unproven if self.makes_file => self.tally.warn(self.unproven),
            _ => {}
        }
        match self.tally.counts().failed {
            0 => told,
            // The failed rows are in the output.
            _ if self.ok_failed => told,
            _ => told.max(or_accepted(Completion::RowsMissing)),
        }
    }
}
