//! Runs of tools that end a pipe with one document instead of rows.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::disk::output::Output;
use crate::disk::spool::Spool;
use crate::disk::{Action, PathError};
use crate::photo::row_store::temporary;
use crate::run::output_writer::OutputTarget;
use crate::run::{Completion, Input, StdStream, Summary, scan};
use crate::shape::FatalError;
use crate::shape::document::{Document, DocumentScan};

use super::flags::Out;
use super::{Pictures, Rows, Session, TmpDir, terminal};

/// Where a document is stored until it is complete.
enum Draft {
    /// In a file that is renamed to its name then.
    File(OutputTarget, PathBuf),
    /// In a temporary file: a stream must not get a part of it.
    Spool(Spool),
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Draft::File(file, path) => {
                file.write(bytes).map_err(|error| io::Error::other(unwritten(path, error)))
            }
            Draft::Spool(spool) => {
                spool.append(bytes).map_err(|error| io::Error::other(temporary(error)))
            }
        }?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn unwritten(path: &Path, error: io::Error) -> FatalError {
    PathError::new(Action::Write, path, error).into()
}

impl Session {
    /// Turns pictures, or rows of them, into one document on stdout or in the file of `-o`, which is written only if no
    /// row has failed.
    pub fn document(
        &self,
        pictures: &Pictures,
        tmp_dir: &TmpDir,
        document: impl Document,
    ) -> Result<Summary, FatalError> {
        let input = if pictures.paths.is_empty() && document.stands_alone() {
            Input::Rows(Box::new(std::iter::empty()))
        } else {
            self.pictures(pictures)?.into_input()
        };
        self.document_of(input, &pictures.out, tmp_dir, document)
    }

    /// Turns rows into a document.
    pub fn document_of_rows(
        &self,
        rows: &Rows,
        document: impl Document,
    ) -> Result<Summary, FatalError> {
        let input = self.rows(rows)?.into_input();
        self.document_of(input, &rows.out, &TmpDir::default(), document)
    }

    /// Turns any input into a document.
    pub(super) fn document_of(
        &self,
        input: Input,
        out: &Out,
        tmp_dir: &TmpDir,
        document: impl Document,
    ) -> Result<Summary, FatalError> {
        // A document is written atomically: if two processes write one, either will do.
        let mut plan = self.places(Out { format: None, ..out.clone() }).planned()?;
        (plan.target.mute, plan.target.document) = (true, plan.target.output.take());
        let mut gathered = DocumentScan::new(document, self.draft(out, tmp_dir)?);
        let mut summary = scan::run(&plan, input, &mut gathered)?;
        if summary.fault.is_some() || summary.stopped {
            summary.unfinished = out.output.clone().map(Into::into);
            return Ok(summary);
        }
        match (&out.output, gathered.out) {
            (Some(path), _) if summary.completion != Completion::Complete => {
                summary.unfinished = Some(path.to_path_buf());
            }
            (_, Draft::File(file, path)) => {
                file.finish(false).map_err(|error| unwritten(&path, error))?;
            }
            (Some(path), Draft::Spool(spool)) => {
                let wrong = |error| unwritten(path, error);
                let mut whole =
                    OutputTarget::open(path, &self.stop, |text| self.say(text)).map_err(wrong)?;
                spool.each_part(|part| terminal::unless_gone(whole.write(part)).map_err(wrong))?;
                whole.finish(false).map_err(wrong)?;
            }
            (None, Draft::Spool(spool)) => {
                let wrong = |error| FatalError(format!("cannot write to stdout: {error}"));
                let mut out = StdStream::stdout(&self.stop).map_err(wrong)?;
                if terminal::is_terminal_out() {
                    self.terminal.hide();
                }
                spool
                    .each_part(|part| terminal::unless_gone(out.write_all(part)).map_err(wrong))?;
            }
        }
        Ok(summary)
    }

    /// Opens a file before the work begins. A FIFO would wait for its reader, which may not be there yet.
    fn draft(&self, out: &Out, tmp_dir: &TmpDir) -> Result<Draft, FatalError> {
        let spool = || Ok(Draft::Spool(Spool::new(&tmp_dir.folder())));
        let Some(path) = &out.output else { return spool() };
        if !matches!(Output::named(path), Ok(Output::File(_))) {
            return spool();
        }
        let file = OutputTarget::open(path, &self.stop, |text| self.say(text));
        Ok(Draft::File(file.map_err(|error| unwritten(path, error))?, path.to_path_buf()))
    }

    /// Writes to a path named by the user: a file is replaced, anything else is written into.
    pub(super) fn write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut out = OutputTarget::open(path, &self.stop, |text| self.say(text))?;
        terminal::unless_gone(out.write(bytes))?;
        out.finish(false)
    }
}
