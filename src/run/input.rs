//! The input rows, from a stream or a file, with the columns that are known before the first row is processed.

mod open;

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::disk::pipe_completion::Told;
use crate::row::row_format::{ReadError, Reader, RowFormat};
use crate::row::{Columns, Row};
use crate::shape::{FatalError, InputHeader};

use super::Stop;
use super::counting_reader::Pause;
use super::file_identity::Origin;
use super::share_filter::ShareFilter;

pub use super::input_file::{Input, Look};
use super::input_file::{Made, cannot_read};

/// The input rows of a run.
pub struct InputReader {
    source: InputSource,
    ahead: VecDeque<Result<Row, ReadError>>,
    columns: Arc<Columns>,
    /// Whether all columns are known: no new ones can appear.
    pub settled: bool,
    /// Whether each row names its own columns, as in JSON lines; otherwise a header names those of all rows.
    pub is_open: bool,
    pub form: RowFormat,
    read: Arc<AtomicU64>,
    told: Told,
    /// What to say if nothing came in, and nothing shows that this is everything.
    pub unproven: &'static str,
    size: Option<u64>,
    /// Whether the size counts rows instead of bytes.
    counts_rows: bool,
    pause: Pause,
    /// The name for messages.
    name: String,
    origin: Origin,
    filter: Option<ShareFilter>,
}

enum InputSource {
    Table(Box<Reader>),
    Rows(Made),
}

impl InputReader {
    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// Whether the format of the input is known: it is not if there are no lines.
    pub fn shows_form(&self) -> bool {
        let is_table = matches!(self.source, InputSource::Table(_));
        !is_table || self.form != RowFormat::Csv || !self.columns.list().is_empty()
    }

    /// The file that the rows come from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Set once everything is read: the completion that the tool before has reported.
    pub fn told(&self) -> Told {
        Arc::clone(&self.told)
    }

    /// What is known of the rows before the first one.
    pub fn header(&self) -> InputHeader<'_> {
        let is_written = matches!(self.source, InputSource::Table(_));
        InputHeader { columns: &self.columns, is_written, is_open: self.is_open }
    }

    /// Notes about the input for the user, each returned once.
    pub fn notes(&mut self) -> Vec<String> {
        let mut notes = match &mut self.source {
            InputSource::Table(reader) => reader.notes(),
            InputSource::Rows(_) => Vec::new(),
        };
        notes.extend(self.filter.as_ref().and_then(ShareFilter::note));
        notes
    }

    /// The error that ends a run whose input cannot be read any further.
    pub fn faults(&self) -> impl Fn(&io::Error) -> FatalError + Send + use<> {
        let name = self.name.clone();
        move |error| cannot_read(&name, error)
    }

    /// Sets the function to call whenever the input pauses.
    pub fn on_pause(&self, pause: impl Fn() + Send + Sync + 'static) {
        // Set once, by the run.
        let _ = self.pause.set(Box::new(pause));
    }

    /// The share of the file that has been read, from 0 to 1.
    pub fn meter(&self) -> impl Fn() -> Option<f64> + Send + use<> {
        let (read, size) = (Arc::clone(&self.read), self.size.filter(|&size| size > 0));
        move || size.map(|size| read.load(Ordering::Relaxed) as f64 / size as f64)
    }

    fn pull(&mut self) -> Option<Result<Row, ReadError>> {
        if self.counts_rows {
            self.read.fetch_add(1, Ordering::Relaxed);
        }
        match &mut self.source {
            InputSource::Table(reader) => reader.next_row(),
            InputSource::Rows(rows) => rows.next(),
        }
    }
}

impl Iterator for InputReader {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = self.ahead.pop_front().or_else(|| self.pull())?;
            if self.filter.as_mut().is_none_or(|filter| filter.takes(&row)) {
                return Some(row);
            }
        }
    }
}

/// The rows of a whole file, such as that of `--known`.
pub fn rows_of(path: &Path) -> Result<InputReader, FatalError> {
    InputReader::open(Input::File(path.to_path_buf()), Some(RowFormat::Jsonl), &Stop::default())
}

#[cfg(test)]
mod tests;
