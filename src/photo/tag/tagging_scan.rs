//! A scan that writes its rows into their pictures immediately, with the writer of tag-exif or another one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::photo::picture_file;
use crate::row::{Column, Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::threads::{Work, ordered};
use crate::value::provenance::Status;

use super::Tagger;

/// Writes a row's values into its picture. Shared by all threads.
pub trait RowWriter: Send + Sync {
    fn write(&self, row: Row, notes: &dyn Diagnostics) -> Outcome;

    /// What the row is about: rows about the same thing are written in order.
    fn turn(&self, row: &Row) -> Option<PathBuf>;

    /// The columns that writing sets.
    fn columns(&self) -> Vec<Column>;
}

impl RowWriter for Tagger {
    fn write(&self, row: Row, notes: &dyn Diagnostics) -> Outcome {
        self.tag(row, notes)
    }

    fn turn(&self, row: &Row) -> Option<PathBuf> {
        super::turn(row)
    }

    fn columns(&self) -> Vec<Column> {
        super::columns()
    }
}

/// Number of rows written at once, shared among the threads.
const ROWS: usize = 256;

/// A scan, followed by a writer if there is one. Rows keep their order.
pub struct Written<S, W = Tagger> {
    scan: S,
    writer: Option<W>,
    /// Whether rows with the scan's status `held` are not written.
    but_held: bool,
    waiting: Vec<Outcome>,
    stop: Arc<AtomicBool>,
}

impl<S: Scan, W: RowWriter> Written<S, W> {
    /// Without a writer, the scan is unchanged. `stop` ends the writing after the current pictures.
    pub fn new(scan: S, writer: Option<W>, stop: Arc<AtomicBool>) -> Self {
        Written { scan, writer, but_held: false, waiting: Vec::new(), stop }
    }

    /// For a scan that sets the status of each row: rows that it sets to `held` are not written.
    pub fn but_held(self) -> Self {
        Written { but_held: true, ..self }
    }

    fn write(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let Some(writer) = &self.writer else {
            out.append(&mut self.waiting);
            return Ok(());
        };
        while !self.waiting.is_empty() {
            if self.stop.load(Ordering::Relaxed) {
                let left = self.waiting.len();
                return Err(FatalError(format!("interrupted: {left} pictures were not written")));
            }
            let some = self.waiting.len().min(ROWS);
            write_all(&mut self.waiting[..some], writer, self.but_held, notes)?;
            out.extend(self.waiting.drain(..some));
        }
        Ok(())
    }
}

fn write_all(
    outcomes: &mut [Outcome],
    writer: &dyn RowWriter,
    but_held: bool,
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    each(outcomes, |row| writer.turn(row), |outcome| write(outcome, writer, but_held, notes))
}

/// Applies `act` to each outcome on all processors. Rows of one photo stay on one thread, in order.
fn each(
    outcomes: &mut [Outcome],
    turn: impl Fn(&Row) -> Option<PathBuf>,
    act: impl Fn(&mut Outcome) + Sync,
) -> Result<(), FatalError> {
    let work = Work::on_all_processors();
    let act = |turn: Vec<&mut Outcome>| {
        turn.into_iter().for_each(&act);
        Ok(())
    };
    // Nothing stops it here, so this is never reported.
    let stopped = || FatalError("interrupted".to_string());
    ordered::each(&work, by_turns(outcomes, turn).into_iter(), act, stopped).map(drop)
}

fn by_turns(
    outcomes: &mut [Outcome],
    turn: impl Fn(&Row) -> Option<PathBuf>,
) -> Vec<Vec<&mut Outcome>> {
    let mut groups: Vec<Vec<&mut Outcome>> = Vec::new();
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    for outcome in outcomes {
        let thing = match &outcome {
            Outcome::Rows(rows) => rows.first().and_then(&turn),
            _ => None,
        };
        let at = thing.map_or(groups.len(), |thing| *places.entry(thing).or_insert(groups.len()));
        match groups.get_mut(at) {
            Some(group) => group.push(outcome),
            None => groups.push(vec![outcome]),
        }
    }
    groups
}

/// Only rows that passed are written; a scan returns one row at a time.
fn write(outcome: &mut Outcome, writer: &dyn RowWriter, but_held: bool, notes: &dyn Diagnostics) {
    let Outcome::Rows(rows) = outcome else { return };
    let [row] = rows.as_mut_slice() else { return };
    if but_held && row.get(Field::Status) == Some(Status::Held.word()) {
        picture_file::describe(row);
    } else {
        let row = std::mem::replace(row, Row::from_cells(&[]));
        *outcome = writer.write(row, notes);
    }
}

impl<S: Scan, W: RowWriter> Scan for Written<S, W> {
    fn shape(&self, input: &InputHeader) -> Shape {
        let mut shape = self.scan.shape(input);
        if let Some(writer) = &self.writer {
            let sets = input.location().chain(shape.sets).chain(writer.columns());
            shape.sets = sets.collect();
        }
        shape
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        self.scan.push(row, &mut self.waiting, notes)?;
        if self.waiting.len() >= ROWS || self.writer.is_none() {
            self.write(out, notes)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let ended = self.scan.end(&mut self.waiting, notes);
        ended.and(self.write(out, notes))
    }

    fn goes_on(&self) -> bool {
        self.scan.goes_on()
    }

    fn goes_on_when_stopped(&self) -> bool {
        self.scan.goes_on_when_stopped()
    }
}

#[cfg(test)]
mod tests;
