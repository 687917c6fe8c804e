//! The rows that come in: from a stream or a file, with the columns that can
//! be known before the first row is worked on.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::row::row_format::{Form, ReadError, Reader};
use crate::row::{Columns, Row, parquet};
use crate::shape::{FatalError, InputHeader, Opened};

use super::counting_reader::{Pause, Stream};
use super::file_identity::Origin;
use super::pipe_completion::Told;
use super::share_filter::ShareFilter;
use super::{Stop, infer_columns, input_file};

pub use super::input_file::{Input, Look};
use super::input_file::{Made, cannot_read, fault};

/// Rows of a pipe that are looked at for their keys before the header of CSV
/// is written.
const AHEAD: usize = 1000;

/// The rows of a run.
pub struct InputReader {
    source: InputSource,
    ahead: VecDeque<Result<Row, ReadError>>,
    columns: Arc<Columns>,
    /// Whether all columns are known: nothing new can turn up.
    pub settled: bool,
    pub form: Form,
    read: Arc<AtomicU64>,
    told: Told,
    size: Option<u64>,
    /// Whether the size is one of rows, not of bytes.
    counts_rows: bool,
    pause: Pause,
    /// For messages.
    name: String,
    origin: Origin,
    filter: Option<ShareFilter>,
}

enum InputSource {
    Table(Box<Reader>),
    Rows(Made),
}

impl InputReader {
    /// Opens the input. Where CSV comes out of rows that each name their
    /// columns, a file is looked through for them first. `form` is the one
    /// asked for; else it is that of the input.
    pub fn open(input: Input, form: Option<Form>, stop: &Stop) -> Result<InputReader, FatalError> {
        let (path, look, header) = match input {
            Input::Rows(rows) => return Ok(InputReader::of_rows(rows)),
            Input::Share(input, share) => {
                let intake = InputReader::open(*input, form, stop)?;
                if intake.settled {
                    share.key.check(&intake.columns)?;
                }
                return Ok(InputReader { filter: Some(ShareFilter::new(share)), ..intake });
            }
            Input::Stdin => (None, None, None),
            Input::File(path) => (Some(path), None, None),
            Input::Headless(path, header) => (path, None, Some(header)),
            Input::Look(path, look) => (path, Some(look), None),
        };
        let (file, name) = match path {
            None => (input_file::stdin()?, "standard input".to_string()),
            Some(path) => (input_file::open(&path)?, format!("'{}'", path.display())),
        };
        InputReader::of_file(file, (look, header), &name, form, stop)
    }

    fn of_file(
        mut file: File,
        (look, header): (Option<Look>, Option<String>),
        name: &str,
        form: Option<Form>,
        stop: &Stop,
    ) -> Result<InputReader, FatalError> {
        let origin = Origin::new(&file);
        let size = file.metadata().ok().filter(|meta| meta.is_file()).map(|meta| meta.len());
        let silent = size.is_none().then(|| stop.clone());
        let wrong = |error: ReadError| fault(name, &error);
        if parquet::is(&mut file) {
            let reader = Reader::of_parquet(file).map_err(wrong)?;
            return Ok(InputReader::of_parquet(reader, name, origin));
        }
        let keys = match size {
            _ if header.is_some() => Ok(None),
            Some(_) if look.is_some() && !input_file::is_rows(&mut file) => Ok(None),
            Some(_) if form.is_some_and(Form::has_header) => infer_columns::infer(&mut file),
            Some(_) if form.is_none() => infer_columns::of_csv(&mut file),
            _ => Ok(None),
        };
        let read = Arc::new(AtomicU64::new(0));
        let keys = keys.map_err(wrong)?;
        let pause = Pause::default();
        let stream = Stream::new(file, Arc::clone(&read), silent, Arc::clone(&pause));
        let told = stream.told();
        let stream: Box<dyn Read + Send> = Box::new(stream);
        let stream = match look {
            None => stream,
            Some(look) => match look(stream)? {
                Opened::Own(rows) => return Ok(InputReader::of_rows(Box::new(rows.map(Ok)))),
                Opened::Rows(rows) => rows,
            },
        };
        let reader = match header {
            None => Reader::new(stream),
            Some(header) => Reader::headless(stream, &header),
        };
        let reader = reader.map_err(wrong)?;
        if let Some(value) = reader.value_in_header() {
            return Err(FatalError(format!(
                "{name}: the first line is no header: '{value}' is no name, and no other cell is one that the tools \
                 know; --columns-from FILE takes the header from there, and JSON lines need none"
            )));
        }
        let has_header = form.unwrap_or(reader.form()).has_header();
        let mut intake = InputReader {
            columns: reader.columns(),
            settled: !reader.is_open(),
            form: reader.form(),
            source: InputSource::Table(Box::new(reader)),
            ahead: VecDeque::new(),
            read,
            told,
            size,
            pause,
            name: name.into(),
            origin,
            ..InputReader::of_rows(Box::new(std::iter::empty()))
        };
        if has_header && !intake.settled {
            intake.settle(keys);
        }
        Ok(intake)
    }

    /// All columns are known, and progress is that of rows.
    fn of_parquet(reader: Reader, name: &str, origin: Origin) -> InputReader {
        InputReader {
            columns: reader.columns(),
            form: reader.form(),
            size: reader.total(),
            source: InputSource::Table(Box::new(reader)),
            counts_rows: true,
            name: name.into(),
            origin,
            ..InputReader::of_rows(Box::new(std::iter::empty()))
        }
    }

    fn of_rows(rows: Made) -> InputReader {
        let mut intake = InputReader {
            source: InputSource::Rows(rows),
            ahead: VecDeque::new(),
            columns: Columns::from_fields(&[]),
            settled: true,
            form: Form::Csv,
            read: Arc::default(),
            told: Told::default(),
            size: None,
            counts_rows: false,
            pause: Pause::default(),
            name: String::new(),
            origin: Origin::default(),
            filter: None,
        };
        // The columns are those of the first row that there is.
        while intake.ahead.len() < AHEAD {
            let Some(row) = intake.pull() else { break };
            let known = row.as_ref().ok().map(|row| Arc::clone(row.columns()));
            intake.ahead.push_back(row);
            if let Some(columns) = known {
                intake.columns = columns;
                break;
            }
        }
        intake
    }

    fn settle(&mut self, keys: Option<Arc<Columns>>) {
        if let Some(columns) = keys {
            (self.columns, self.settled) = (columns, true);
            return;
        }
        while self.ahead.len() < AHEAD {
            match self.pull() {
                Some(row) => self.ahead.push_back(row),
                None => {
                    self.settled = true;
                    break;
                }
            }
        }
        if let InputSource::Table(reader) = &self.source {
            self.columns = reader.columns();
        }
    }

    pub fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    /// Whether the input shows its form: one without a line does not.
    pub fn shows_form(&self) -> bool {
        let is_table = matches!(self.source, InputSource::Table(_));
        !is_table || self.form != Form::Csv || !self.columns.list().is_empty()
    }

    /// The file that the rows come from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Set once all is read: what the tool before has told.
    pub fn told(&self) -> Told {
        Arc::clone(&self.told)
    }

    /// What is known of the rows before the first one.
    pub fn header(&self) -> InputHeader<'_> {
        let is_written = matches!(self.source, InputSource::Table(_));
        InputHeader { columns: &self.columns, is_written }
    }

    /// What of the input the user should know, told once.
    pub fn notes(&mut self) -> Vec<String> {
        let mut notes = match &mut self.source {
            InputSource::Table(reader) => reader.notes(),
            InputSource::Rows(_) => Vec::new(),
        };
        notes.extend(self.filter.as_ref().and_then(ShareFilter::note));
        notes
    }

    /// What ends a run whose input cannot be read on.
    pub fn faults(&self) -> impl Fn(&io::Error) -> FatalError + Send + use<> {
        let name = self.name.clone();
        move |error| cannot_read(&name, error)
    }

    /// Sets what is done whenever the input pauses.
    pub fn on_pause(&self, pause: impl Fn() + Send + Sync + 'static) {
        // Set once, by the one who drives the run.
        let _ = self.pause.set(Box::new(pause));
    }

    /// How much of a file has been read, from 0 to 1.
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

/// The rows of a whole file, such as `--known`.
pub fn rows_of(path: &Path) -> Result<InputReader, FatalError> {
    InputReader::open(Input::File(path.to_path_buf()), Some(Form::Jsonl), &Stop::default())
}

#[cfg(test)]
mod tests;
