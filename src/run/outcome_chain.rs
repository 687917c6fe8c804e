//! Passes the outcomes of the parts in order to the sink, through a final scan if there is one.

use crate::shape::{FatalError, Outcome, Scan};

use super::batch_queues::Finished;
use super::scan::drain;
use super::walk_outcomes::merged;
use super::{Sink, Stats};

pub struct Downstream<'a> {
    pub sink: Sink,
    last: Option<&'a mut dyn Scan>,
    out: Vec<Outcome>,
}

impl<'a> Downstream<'a> {
    pub fn new(sink: Sink, last: Option<&'a mut dyn Scan>) -> Downstream<'a> {
        Downstream { sink, last, out: Vec::new() }
    }

    /// Whether rows may have been received and not yet passed on.
    pub fn may_hold_rows(&self) -> bool {
        self.last.is_some()
    }

    pub fn take(&mut self, finished: Finished, tally: &Stats) -> Result<(), FatalError> {
        let outcome = match finished {
            Ok(outcome) => outcome,
            Err(wrong) => {
                return self.sink.unreadable(&wrong.to_string());
            }
        };
        let Some(last) = &mut self.last else { return self.sink.take(outcome) };
        let pushed = merged(*last, outcome, &mut self.out, tally);
        // Rows that were finished before an error are written.
        pushed.and(drain(&mut self.out, &mut self.sink))
    }

    /// Ends the scan after all rows.
    pub fn end(&mut self, tally: &Stats) -> Result<(), FatalError> {
        let Some(last) = &mut self.last else { return Ok(()) };
        let ended = last.end(&mut self.out, tally);
        drain(&mut self.out, &mut self.sink).and(ended)
    }
}
