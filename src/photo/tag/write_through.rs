//! A scan whose rows go into their pictures at once, as tag-exif would write them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::value::panics::Panic;
use crate::value::provenance::Status;

use super::{Tagger, columns};

/// Rows that are written at once, shared out to the threads.
const ROWS: usize = 256;

/// The scan, and behind it the writing, if there is any. Rows keep their order.
pub struct Written<S> {
    scan: S,
    tagger: Option<Tagger>,
    /// Whether rows that the scan itself calls `held` go by.
    but_held: bool,
    waiting: Vec<Outcome>,
    stop: Arc<AtomicBool>,
}

impl<S: Scan> Written<S> {
    /// Without a tagger the scan is as it was. `stop` ends the writing after the pictures at hand.
    pub fn new(scan: S, tagger: Option<Tagger>, stop: Arc<AtomicBool>) -> Self {
        Written { scan, tagger, but_held: false, waiting: Vec::new(), stop }
    }

    /// For a scan that sets the status of each row: what it calls `held` is
    /// not written.
    pub fn but_held(self) -> Self {
        Written { but_held: true, ..self }
    }

    fn write(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let Some(tagger) = &self.tagger else {
            out.append(&mut self.waiting);
            return Ok(());
        };
        while !self.waiting.is_empty() {
            if self.stop.load(Ordering::Relaxed) {
                let left = self.waiting.len();
                return Err(FatalError(format!("interrupted: {left} pictures were not written")));
            }
            let some = self.waiting.len().min(ROWS);
            write_all(&mut self.waiting[..some], tagger, self.but_held, notes)?;
            out.extend(self.waiting.drain(..some));
        }
        Ok(())
    }
}

fn write_all(
    outcomes: &mut [Outcome],
    tagger: &Tagger,
    but_held: bool,
    notes: &dyn Diagnostics,
) -> Result<(), FatalError> {
    each(outcomes, |outcome| tag(outcome, tagger, but_held, notes))
}

/// Does something with each on all processors. Rows of one photo stay on one thread, in their order.
fn each(outcomes: &mut [Outcome], act: impl Fn(&mut Outcome) + Sync) -> Result<(), FatalError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let turns = Mutex::new(by_turns(outcomes).into_iter());
    let work = || {
        let next = || turns.lock().unwrap_or_else(|broken| broken.into_inner()).next();
        while let Some(outcomes) = next() {
            outcomes.into_iter().for_each(&act);
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ends: Vec<_> = threads.into_iter().map(|thread| thread.join()).collect();
        ends.into_iter()
            .collect::<Result<_, _>>()
            .map_err(|panic| FatalError::new(Panic::new(&*panic)))
    })
}

fn by_turns(outcomes: &mut [Outcome]) -> Vec<Vec<&mut Outcome>> {
    let mut groups: Vec<Vec<&mut Outcome>> = Vec::new();
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    for outcome in outcomes {
        let turn = match &outcome {
            Outcome::Rows(rows) => rows.first().and_then(super::turn),
            _ => None,
        };
        let at = turn.map_or(groups.len(), |turn| *places.entry(turn).or_insert(groups.len()));
        match groups.get_mut(at) {
            Some(group) => group.push(outcome),
            None => groups.push(vec![outcome]),
        }
    }
    groups
}

/// Only what passed is written; a scan gives one row at a time.
fn tag(outcome: &mut Outcome, tagger: &Tagger, but_held: bool, notes: &dyn Diagnostics) {
    if let Outcome::Rows(rows) = outcome
        && let [row] = rows.as_mut_slice()
        && !(but_held && row.get(Field::Status) == Some(Status::Held.word()))
    {
        let row = std::mem::replace(row, Row::from_cells(&[]));
        *outcome = tagger.tag(row, notes);
    }
}

impl<S: Scan> Scan for Written<S> {
    fn shape(&self, input: &InputHeader) -> Shape {
        let mut shape = self.scan.shape(input);
        if self.tagger.is_some() {
            let sets = input.location().chain(shape.sets).chain(columns());
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
        if self.waiting.len() >= ROWS || self.tagger.is_none() {
            self.write(out, notes)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let ended = self.scan.end(&mut self.waiting, notes);
        ended.and(self.write(out, notes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_the_writing_is_a_fault() {
        let mut outcomes: Vec<Outcome> = (0..5).map(|_| Outcome::Filtered).collect();
        let fault = each(&mut outcomes, |_| panic!("no tag")).unwrap_err();
        assert!(fault.0.starts_with("internal error: no tag"), "{fault}");
        assert_eq!(each(&mut outcomes, |_| {}), Ok(()));
    }
}
