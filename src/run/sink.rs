//! Where outcomes go: rows to stdout or to a file that gets its name when it
//! is complete, what failed to `--failed`, all of it counted.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::replace::Replacement;
use crate::row::table::{Form, Writer};
use crate::row::{Column, Field, Row};
use crate::stage::camera::{self, bare::is_bare};
use crate::stage::{Fault, Notes, Outcome, Shape};

use super::intake::Intake;
use super::stdio::Outlet;
use super::tally::{Stop, Tally};

/// Rows are written when this much has come together, or when there is nothing else to do.
const CHUNK: usize = 128 << 10;

/// Where the rows go.
#[derive(Debug, Clone, Default)]
pub struct Target {
    pub form: Option<Form>,
    /// `-o`: written as `FILE.part` until it is complete.
    pub output: Option<PathBuf>,
    pub failed: Option<PathBuf>,
    /// `-o` gets its name in spite of failed rows.
    pub accept_failed: bool,
    /// No rows are written: a tool that stands last, at a terminal.
    pub mute: bool,
}

/// Writes and counts outcomes.
pub struct Sink {
    rows: Writer,
    buffer: Vec<u8>,
    out: Option<Out>,
    failed: Option<Failed>,
    accept_failed: bool,
    tally: Arc<Tally>,
    stop: Stop,
    is_closed: bool,
    /// Rows are lost from here on: each further call says so again.
    fault: Option<Fault>,
}

enum Out {
    Stdout(Outlet),
    /// The part, its name, and the final name.
    Part(File, PathBuf, PathBuf),
}

struct Failed {
    file: Replacement,
    writer: Writer,
    buffer: Vec<u8>,
}

impl Sink {
    pub fn open(
        target: &Target,
        intake: &Intake,
        shape: &Shape,
        tally: &Arc<Tally>,
        stop: &Stop,
    ) -> Result<Sink, Fault> {
        let form = target.form.unwrap_or(intake.form);
        let mut omit: Vec<Column> = shape.drops.iter().map(|&field| field.into()).collect();
        let input = intake.columns().list();
        let mut places: Vec<Field> = Vec::new();
        if shape.locates && intake.is_written() {
            places.extend([Field::Archive, Field::Member]);
        }
        if shape.reads && is_bare(intake.columns()) {
            places.extend(camera::COLUMNS);
        }
        // The error of an earlier try ends here, also where it turns up late.
        let error = Column::from(Field::Error);
        omit.extend((!shape.sets.contains(&error)).then_some(error));
        let mut rows = Writer::new(form, &order(shape, input, &places), &omit, !intake.settled);
        let out = match (&target.output, target.mute) {
            (Some(path), _) => Some(Out::part(path)?),
            (None, false) => Some(Out::stdout(stop)?),
            (None, true) => None,
        };
        let mut buffer = Vec::new();
        rows.start(&mut buffer);
        let failed = target.failed.as_deref().map(|path| Failed::open(path, intake)).transpose()?;
        let (tally, stop) = (Arc::clone(tally), stop.clone());
        Ok(Sink {
            rows,
            buffer,
            out,
            failed,
            accept_failed: target.accept_failed,
            tally,
            stop,
            is_closed: false,
            fault: None,
        })
    }

    /// Takes one outcome.
    pub fn take(&mut self, outcome: Outcome) -> Result<(), Fault> {
        match outcome {
            Outcome::Next(row) => self.pass(&row),
            Outcome::Rows(rows) => rows.iter().try_for_each(|row| self.pass(row)),
            Outcome::Found(row, what) => {
                self.tally.found();
                crate::stage::Notes::warn(&*self.tally, &format!("{}{what}", subject(&row)));
                self.pass(&row)
            }
            Outcome::Filtered => {
                self.tally.filtered();
                Ok(())
            }
            Outcome::Ended(row, end) => {
                self.tally.ended(end);
                self.tally.warn(&(subject(&row) + end.word()));
                self.keep_failed(&row, end.word())
            }
            Outcome::Failed(row, what) => {
                self.tally.failed(&(subject(&row) + &what));
                self.keep_failed(&row, &what)
            }
        }
    }

    /// A row that could not even be read.
    pub fn unreadable(&mut self, what: &str) {
        self.tally.failed(what);
    }

    /// Writes what has come together.
    pub fn flush(&mut self) -> Result<(), Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        if self.buffer.is_empty() {
            return Ok(());
        }
        let written = match &mut self.out {
            None => Ok(()),
            Some(Out::Stdout(out)) => out.write_all(&self.buffer),
            Some(Out::Part(file, ..)) => file.write_all(&self.buffer),
        };
        self.buffer.clear();
        match written {
            // Who reads our rows has had enough: a normal end.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.out = None;
                self.is_closed = true;
                self.stop.set();
                Ok(())
            }
            // The reader does not read, and the run has been interrupted meanwhile.
            Err(_) if self.stop.is_set() && matches!(self.out, Some(Out::Stdout(_))) => {
                self.out = None;
                Ok(())
            }
            Err(error) => {
                let fault = Fault(format!("cannot write {}: {error}", self.out_name()));
                self.fault = Some(fault.clone());
                Err(fault)
            }
            Ok(()) => Ok(()),
        }
    }

    /// Whether the reader of our rows has gone.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Writes the rest. A complete `-o` file gets its name; `--failed` always
    /// gets its own. True when the output is complete.
    pub fn finish(mut self, complete: bool) -> Result<bool, Fault> {
        self.flush()?;
        if let Some(failed) = self.failed.take() {
            failed.finish()?;
        }
        let whole = complete && (self.tally.counts().failed == 0 || self.accept_failed);
        if let Some(Out::Part(file, part, path)) = self.out.take()
            && whole
        {
            let named = file.sync_all().and_then(|()| fs::rename(&part, &path));
            named.map_err(|error| Fault(format!("cannot write '{}': {error}", path.display())))?;
        }
        Ok(whole)
    }

    fn pass(&mut self, row: &Row) -> Result<(), Fault> {
        self.tally.passed(row);
        if self.out.is_some() {
            self.rows.write(row, &mut self.buffer);
        }
        match self.buffer.len() >= CHUNK {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn keep_failed(&mut self, row: &Row, error: &str) -> Result<(), Fault> {
        match &mut self.failed {
            Some(failed) => failed.write(row, error),
            None => Ok(()),
        }
    }

    fn out_name(&self) -> String {
        match &self.out {
            Some(Out::Part(_, part, _)) => format!("'{}'", part.display()),
            _ => "rows".to_string(),
        }
    }
}

impl Out {
    fn stdout(stop: &Stop) -> Result<Out, Fault> {
        let out = Outlet::stdout(stop);
        out.map(Out::Stdout).map_err(|error| Fault(format!("cannot write rows: {error}")))
    }

    fn part(path: &Path) -> Result<Out, Fault> {
        let part = beside(path, "", ".part");
        let wrong = |error: io::Error| Fault(format!("cannot write '{}': {error}", part.display()));
        let file =
            File::options().write(true).create(true).truncate(false).open(&part).map_err(wrong)?;
        if file.try_lock().is_err() {
            return Err(Fault(format!("'{}' is being written by another run", path.display())));
        }
        file.set_len(0).map_err(wrong)?;
        Ok(Out::Part(file, part, path.to_path_buf()))
    }
}

impl Failed {
    fn open(path: &Path, intake: &Intake) -> Result<Failed, Fault> {
        let file = Replacement::create(path).map_err(|error| Failed::wrong(path, error))?;
        let mut order = intake.columns().list().to_vec();
        order.retain(|column| column.field != Some(Field::Error));
        order.push(Field::Error.into());
        let mut writer = Writer::new(intake.form, &order, &[], !intake.settled);
        let mut buffer = Vec::new();
        writer.start(&mut buffer);
        Ok(Failed { file, writer, buffer })
    }

    fn write(&mut self, row: &Row, error: &str) -> Result<(), Fault> {
        let mut row = row.clone();
        row.set(Field::Error, error);
        self.writer.write(&row, &mut self.buffer);
        let written = self.file.write_all(&self.buffer);
        self.buffer.clear();
        written.map_err(|error| Fault(format!("cannot write failed rows: {error}")))
    }

    fn finish(mut self) -> Result<(), Fault> {
        let rest = self.file.write_all(&self.buffer);
        rest.and_then(|()| self.file.finish(None, true))
            .map_err(|error| Fault(format!("cannot write failed rows: {error}")))
    }

    fn wrong(path: &Path, error: io::Error) -> Fault {
        Fault(format!("cannot write '{}': {error}", path.display()))
    }
}

/// A name in the same folder, with something before and after.
pub fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(before);
    name.push(path.file_name().unwrap_or_default());
    name.push(after);
    path.with_file_name(name)
}

/// What a message about a row begins with: its line, and what it is.
fn subject(row: &Row) -> String {
    let named = [Field::Path, Field::ImgId, Field::SeqId, Field::CreatorUsername, Field::OrgId];
    let name = named.iter().find_map(|&field| row.get(field)).map(|name| format!("'{name}': "));
    let line = (row.line > 0).then(|| format!("line {}: ", row.line));
    line.unwrap_or_default() + &name.unwrap_or_default()
}

/// The columns of the output: those that lead, those of the input, new ones.
fn order(shape: &Shape, input: &[Column], places: &[Field]) -> Vec<Column> {
    let mut order: Vec<Column> = Vec::new();
    let input = if shape.only_sets { &[] } else { input };
    let [leads, places] =
        [&shape.leads[..], places].map(|fields| fields.iter().map(|&field| field.into()));
    let sets = shape.sets.iter().cloned();
    for column in leads.chain(input.iter().cloned()).chain(places).chain(sets) {
        if !order.contains(&column) {
            order.push(column);
        }
    }
    order
}
