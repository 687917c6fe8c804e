//! Receives outcomes: writes rows to stdout or to a file that is renamed into place when complete, failed rows to
//! `--failed`, and counts all of them.

mod failures;
mod finish;
mod open;
mod output_name;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::pipe_completion::Told;
use crate::row::parquet::WriteError;
use crate::row::row_format::Writer;
use crate::row::{Field, Row};
use crate::shape::{Cut, Diagnostics, End, FatalError, Outcome};

use super::failed::Failed;
use super::output_writer::Out;
use super::row_subject::subject;
use super::stats::{Stats, Stop};
pub use finish::ROWS_MISSING;

/// Rows are written once this many bytes are buffered, or when there is nothing else to do.
const CHUNK: usize = 128 << 10;

/// Writes and counts outcomes.
pub struct Sink {
    rows: Writer,
    buffer: Vec<u8>,
    out: Option<Out>,
    failed: Option<Failed>,
    accept_failed: bool,
    accept_empty: bool,
    ok_failed: bool,
    /// Whether a row that passes has no error of an earlier try any more, although the column is there.
    settles_errors: bool,
    tally: Arc<Stats>,
    stop: Stop,
    is_closed: bool,
    /// Whether the run makes a file, of rows or a document.
    makes_file: bool,
    /// The completion that the tool before reports once everything is read.
    told: Told,
    /// What to say if nothing came in, and nothing shows that this is everything.
    unproven: &'static str,
    /// The folder of the files that the rows name: they are synced to disk before a complete output names them.
    folder: Option<PathBuf>,
    /// Whether anything besides the header was written so far.
    has_begun: bool,
    /// The number of lines that are not rows.
    unreadable: u64,
    /// The error after which rows are lost: each further call returns it again.
    fault: Option<FatalError>,
}

impl Sink {
    /// Processes one outcome.
    pub fn take(&mut self, outcome: Outcome) -> Result<(), FatalError> {
        match outcome {
            Outcome::Next(row) => self.pass(&row),
            Outcome::Rows(rows) => rows.iter().try_for_each(|row| self.pass(row)),
            Outcome::Found(row, what) => {
                self.tally.found();
                self.tally.warn(&format!("{}{what}", subject(&row)));
                self.pass(&row)
            }
            Outcome::Filtered => {
                self.tally.filtered();
                Ok(())
            }
            Outcome::Ended(row, end) => {
                self.tally.ended(end);
                self.tally.name(&(subject(&row) + end.word()), false);
                self.keep_failed(&row, end.word())
            }
            Outcome::Cut(Cut { rows, list, why }) => {
                rows.iter().try_for_each(|row| self.pass(row))?;
                let word = End::Incomplete.word();
                self.tally.ended(End::Incomplete);
                self.tally.warn(&format!("{}{word}: {why}", subject(&list)));
                self.keep_failed(&list, word)
            }
            Outcome::Failed(row, what) => self.fail(&row, &what),
        }
    }

    /// Writes the buffered bytes.
    pub fn flush(&mut self) -> Result<(), FatalError> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        if self.buffer.is_empty() {
            return Ok(());
        }
        let written = match &mut self.out {
            None => Ok(()),
            Some(out) => out.write(&self.buffer),
        };
        self.buffer.clear();
        match written {
            // The reader of our rows has closed the pipe: a normal end.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.out = None;
                self.is_closed = true;
                self.stop.set();
                Ok(())
            }
            // The reader does not read, and the run was interrupted meanwhile.
            Err(_) if self.stop.is_set() && self.is_stream() => {
                self.out = None;
                Ok(())
            }
            Err(error) => {
                let fault = FatalError(format!(
                    "cannot write {}: {error}",
                    self.out.as_ref().map_or("rows".into(), Out::name)
                ));
                self.fault = Some(fault.clone());
                Err(fault)
            }
            Ok(()) => Ok(()),
        }
    }

    /// Whether the reader of our rows has closed the pipe.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whether the list of failed rows is the input itself, which keeps rows without an answer.
    pub fn keeps_unanswered(&self) -> bool {
        self.failed.as_ref().is_some_and(Failed::is_input)
    }

    /// Whether the rows go to a stream, which cannot be completed later.
    pub fn is_stream(&self) -> bool {
        self.out.as_ref().is_none_or(Out::is_stream)
    }

    fn pass(&mut self, row: &Row) -> Result<(), FatalError> {
        if self.settles_errors && row.get(Field::Error).is_some() {
            let mut row = row.clone();
            row.clear(Field::Error);
            return self.pass(&row);
        }
        if self.out.is_some() {
            match self.rows.write(row, &mut self.buffer) {
                Ok(()) => {}
                Err(WriteError::Value(wrong)) => return self.fail(row, &wrong.to_string()),
                Err(WriteError::Table(error)) => return Err(FatalError::new(error)),
            }
            self.has_begun = true;
        }
        self.tally.passed(row);
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }
}
