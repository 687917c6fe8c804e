//! Runs of tools that end a pipe with one document instead of rows.

use std::io;
use std::path::Path;

use crate::run::output_writer::Whole;
use crate::run::{Completion, Input, Summary, scan};
use crate::shape::FatalError;
use crate::shape::document::{Document, DocumentScan};

use super::flags::Out;
use super::{Pictures, Rows, Session, terminal};

impl Session {
    /// Pictures, or rows of them, as one document on stdout or in the file of `-o`, which is written
    /// when no row has failed.
    pub fn document(
        &self,
        pictures: &Pictures,
        document: impl Document,
    ) -> Result<Summary, FatalError> {
        let input = if pictures.paths.is_empty() && document.stands_alone() {
            Input::Rows(Box::new(std::iter::empty()))
        } else {
            self.pictures(pictures)?.into_input()
        };
        self.document_of(input, &pictures.out, document)
    }

    /// Rows alone as a document.
    pub fn document_of_rows(
        &self,
        rows: &Rows,
        document: impl Document,
    ) -> Result<Summary, FatalError> {
        let input = self.rows(rows)?.into_input();
        self.document_of(input, &rows.out, document)
    }

    /// The same of any rows.
    pub(super) fn document_of(
        &self,
        input: Input,
        out: &Out,
        document: impl Document,
    ) -> Result<Summary, FatalError> {
        let mut plan = self.places(Out { format: None, ..out.clone() }).plan()?;
        (plan.target.mute, plan.target.document) = (true, plan.target.output.take());
        let mut gathered = DocumentScan::new(document);
        let mut summary = scan::run(&plan, input, &mut gathered)?;
        if summary.fault.is_some() || summary.stopped {
            summary.unfinished = out.output.clone();
            return Ok(summary);
        }
        match &out.output {
            Some(path) if summary.completion != Completion::Complete => {
                summary.unfinished = Some(path.clone());
            }
            Some(path) => self.write_whole(path, &gathered.bytes).map_err(|error| {
                FatalError(format!("cannot write '{}': {error}", path.display()))
            })?,
            None => terminal::write_out(&gathered.bytes, &self.stop)
                .map_err(|error| FatalError(format!("cannot write to stdout: {error}")))?,
        }
        Ok(summary)
    }

    /// Writes what the user has named: a file is replaced, anything else written into.
    pub(super) fn write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut out = Whole::open(path, &self.stop, |text| self.say(text))?;
        terminal::unless_gone(out.write(bytes))?;
        out.finish(false)
    }
}
