//! Opens the input: detects its format and its columns.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::disk::pipe_completion::{Completion, NO_PICTURES, Told, UNPROVEN};
use crate::row::row_format::{ReadError, Reader, RowFormat};
use crate::row::{Columns, parquet};
use crate::shape::{FatalError, Opened};

use super::super::counting_reader::{Pause, Stream};
use super::super::file_identity::Origin;
use super::super::input_file::{self, Input, Look, Made, fault};
use super::super::share_filter::ShareFilter;
use super::super::{Stop, infer_columns};
use super::{InputReader, InputSource};

/// The number of rows of a pipe that are checked for their keys before a CSV header is written.
pub(super) const AHEAD: usize = 1000;

impl InputReader {
    /// Opens the input. If the output is CSV and the input rows each name their columns, a file is first scanned for
    /// them. `form` is the requested format of the output; without it, that of the input is used.
    pub fn open(
        input: Input,
        form: Option<RowFormat>,
        stop: &Stop,
    ) -> Result<InputReader, FatalError> {
        let (path, look, header) = match input {
            Input::Rows(rows) => return Ok(InputReader::of_rows(rows)),
            Input::Found(rows) => return Ok(InputReader::of_pictures(rows)),
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

    pub(super) fn of_file(
        mut file: File,
        (look, header): (Option<Look>, Option<String>),
        name: &str,
        form: Option<RowFormat>,
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
        let is_own = header.is_some()
            || size.is_none()
            || (look.is_some() && !input_file::is_rows(&mut file));
        let keys = if is_own { None } else { keys_of(&mut file, form).map_err(wrong)? };
        let (read, pause) = (Arc::new(AtomicU64::new(0)), Pause::default());
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
        check_header(&reader, name)?;
        let has_header = form.unwrap_or(reader.form()).has_header();
        let mut intake = InputReader {
            columns: reader.columns(),
            settled: !reader.is_open(),
            is_open: reader.is_open(),
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

    /// All columns are known, and progress counts rows.
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

    /// After a run that moves or deletes what it reads, the next one finds nothing, and would replace the list of all.
    fn of_pictures(mut rows: Made) -> InputReader {
        let told = Told::default();
        let (mut is_empty, end) = (true, Arc::clone(&told));
        let rows = std::iter::from_fn(move || {
            let row = rows.next();
            if row.is_none() && is_empty {
                // Set once, at the end.
                let _ = end.set(Completion::Unproven);
            }
            is_empty &= row.is_none();
            row
        });
        InputReader { told, unproven: NO_PICTURES, ..InputReader::of_rows(Box::new(rows)) }
    }

    fn of_rows(rows: Made) -> InputReader {
        let mut intake = InputReader {
            source: InputSource::Rows(rows),
            ahead: VecDeque::new(),
            columns: Columns::from_fields(&[]),
            settled: true,
            is_open: false,
            form: RowFormat::Csv,
            read: Arc::default(),
            told: Told::default(),
            size: None,
            counts_rows: false,
            pause: Pause::default(),
            name: String::new(),
            origin: Origin::default(),
            filter: None,
            unproven: UNPROVEN,
        };
        // The columns are those of the first readable row.
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
}

/// The columns of a file whose rows name them one by one, if all have to be known before the first row.
fn keys_of(file: &mut File, form: Option<RowFormat>) -> Result<Option<Arc<Columns>>, ReadError> {
    match form {
        Some(form) if form.has_header() => infer_columns::infer(file),
        Some(_) => Ok(None),
        None => infer_columns::of_csv(file),
    }
}

/// Refuses CSV without a header: a row would be taken for it.
fn check_header(reader: &Reader, name: &str) -> Result<(), FatalError> {
    let Some(value) = reader.value_in_header() else { return Ok(()) };
    Err(FatalError(format!(
        "{name}: the first line is no header: '{value}' is no name, and no other cell is one that the tools \
         know; --columns-from FILE takes the header from there, and JSON lines need none"
    )))
}
