//! The failed rows, written as input for a retry. If that file is also the current input, a row is removed from it only
//! once it has an answer.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::open;
use crate::disk::{Action, AtPath};
use crate::row::row_format::{Reader, Writer};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError};
use crate::value::shown;

use super::input::InputReader;
use super::output_writer::OutputTarget;
use super::{Stats, Stop};

/// Which rows of the input, by number, have an answer that was written.
pub type Answered<'a> = &'a dyn Fn(u64) -> bool;

pub struct Failed {
    file: OutputTarget,
    writer: Writer,
    buffer: Vec<u8>,
    /// The path, if it is the input itself.
    own: Option<PathBuf>,
}

impl Failed {
    pub fn open(
        path: &Path,
        intake: &InputReader,
        stop: &Stop,
        tally: &Stats,
    ) -> Result<Failed, FatalError> {
        let file =
            OutputTarget::open(path, stop, |text| tally.once(text)).at_path(Action::Write, path)?;
        let mut order = intake.columns().list().to_vec();
        order.retain(|column| column.field != Some(Field::Error));
        order.push(Field::Error.into());
        let writer = Writer::new(intake.form, &order, &[], !intake.settled);
        let mut writer = writer.map_err(FatalError::new)?;
        let mut buffer = Vec::new();
        writer.start(&mut buffer);
        let own = intake.origin().is(path).then(|| path.to_path_buf());
        Ok(Failed { file, writer, buffer, own })
    }

    pub fn is_input(&self) -> bool {
        self.own.is_some()
    }

    pub fn write(&mut self, row: &Row, error: &str) -> Result<(), FatalError> {
        let mut row = row.clone();
        row.set(Field::Error, &shown::message(error));
        self.writer.write(&row, &mut self.buffer).map_err(FatalError::new)?;
        let written = self.file.write(&self.buffer);
        self.buffer.clear();
        written.map_err(wrong)
    }

    /// After all rows are processed. If some lines could not be read, and so are not among the failed, an input file
    /// stays unchanged. Returns a message for the user.
    pub fn finish(self, unreadable: u64) -> Result<Option<String>, FatalError> {
        match &self.own {
            Some(own) if unreadable > 0 => Ok(Some(format!(
                "'{}' is not changed: some of its lines cannot be read, and would be lost",
                own.display()
            ))),
            _ => self.name().map(|()| None),
        }
    }

    /// After the run has ended early. Rows without an answer stay in the input; if it is not known which these are, all
    /// stay. Returns a message for the user.
    pub fn finish_early(
        mut self,
        answered: Option<Answered>,
    ) -> Result<Option<String>, FatalError> {
        let Some(own) = self.own.take() else { return self.name().map(|()| None) };
        let rest = match answered {
            Some(answered) => self.keep_rest(&own, answered).map_err(wrong)?,
            None => None,
        };
        let Some(rest) = rest else {
            return Ok(Some(format!("'{}' is not changed", own.display())));
        };
        self.name()?;
        Ok(Some(format!("'{}' keeps {rest} rows that have no answer yet", own.display())))
    }

    /// Adds the rows of the input that have no answer. Returns `None` if a line is not a row, because it could not be
    /// kept.
    fn keep_rest(&mut self, own: &Path, answered: Answered) -> io::Result<Option<u64>> {
        let Ok(mut reader) = Reader::of_file(open::stream(own)?) else { return Ok(None) };
        let (mut number, mut rest) = (0, 0);
        while let Some(row) = reader.next_row() {
            let Ok(mut row) = row else { return Ok(None) };
            if !answered(number) {
                row.clear(Field::Error);
                self.writer.write(&row, &mut self.buffer).map_err(io::Error::other)?;
                self.file.write(&self.buffer)?;
                self.buffer.clear();
                rest += 1;
            }
            number += 1;
        }
        Ok(Some(rest))
    }

    fn name(mut self) -> Result<(), FatalError> {
        let rest = self.file.write(&self.buffer);
        rest.and_then(|()| self.file.finish(true)).map_err(wrong)
    }
}

fn wrong(error: io::Error) -> FatalError {
    FatalError(format!("cannot write failed rows: {error}"))
}
