//! Failed rows: reported, counted, and saved if requested.

use crate::row::parquet::WriteError;
use crate::row::{Columns, Field, Row};
use crate::shape::{Diagnostics, FatalError};
use crate::value::shown;

use super::super::row_subject::{about, hint};
use super::{CHUNK, Sink};

impl Sink {
    /// Hands the list of failed rows, if this sink has it, to another sink that writes to it from now on.
    pub fn hand_failed_list_to(&mut self, other: &mut Sink) {
        if let Some(failed) = self.failed.take() {
            other.failed = Some(failed);
        }
    }

    /// Counts a row that could not even be read.
    pub fn unreadable(&mut self, what: &str) -> Result<(), FatalError> {
        self.unreadable += 1;
        self.tally.failed(what);
        self.pass_failed(&Row::new(Columns::from_fields(&[])), what)
    }

    /// Writes a failed row to the output, if failed rows are requested there.
    fn pass_failed(&mut self, row: &Row, error: &str) -> Result<(), FatalError> {
        let true = (self.ok_failed && self.out.is_some()) else { return Ok(()) };
        let mut row = row.clone();
        let mut error = error.to_string();
        loop {
            row.set(Field::Error, &shown::message(&error));
            match self.rows.write(&row, &mut self.buffer) {
                Ok(()) => break,
                // A table with types has no place for the value: the error names it.
                Err(WriteError::Value(wrong)) if row.get(wrong.field).is_some() => {
                    row.clear(wrong.field);
                    let said = wrong.to_string();
                    if !error.contains(&said) {
                        error = format!("{error}; {said}");
                    }
                }
                Err(other) => return Err(FatalError::new(other)),
            }
        }
        self.has_begun = true;
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    pub(super) fn fail(&mut self, row: &Row, what: &str) -> Result<(), FatalError> {
        self.tally.failed(&about(row, what));
        hint(row, what).iter().for_each(|hint| self.tally.once(hint));
        self.keep_failed(row, what)
    }

    pub(super) fn keep_failed(&mut self, row: &Row, error: &str) -> Result<(), FatalError> {
        let written = self.failed.as_mut().map_or(Ok(()), |failed| failed.write(row, error));
        self.fault = self.fault.take().or(written.clone().err());
        written.and_then(|()| self.pass_failed(row, error))
    }
}
