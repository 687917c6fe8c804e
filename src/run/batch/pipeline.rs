//! The state of a batch run that the reader, the workers and the writer share, and the work of each.

use std::sync::Arc;
use std::time::Instant;

use crate::row::row_format::ReadError;
use crate::row::{Column, Field, Row};
use crate::shape::{Batch, Diagnostics, FatalError, Outcome, Shape};
use crate::threads::{Pool, TICK, Taken};

use super::super::batch_queues::{Finished, RunState};
use super::super::needed_columns::lacks;
use super::super::outcome_chain::Downstream;
use super::super::row_in_flight::Job;
use super::super::shared_cache::SharedCache;
use super::super::{InputReader, Stats, Stop, cache_key};

/// The parts of a running tool: what the reader, the workers and the writer share.
pub(super) struct Pipeline {
    pub(super) pool: Pool<RunState, FatalError>,
    pub(super) parts: Vec<Arc<dyn Batch>>,
    pub(super) shape: Shape,
    /// The columns that the first part sets; its answers are cached.
    pub(super) sets: Vec<Column>,
    pub(super) key: Option<Field>,
    pub(super) answers: SharedCache,
    pub(super) tally: Arc<Stats>,
    pub(super) stop: Stop,
}

impl Pipeline {
    fn is_cut(&self) -> bool {
        self.stop.is_set() || self.pool.with(|state| state.input_fault.is_some())
    }

    /// The reader thread.
    pub(super) fn read(&self, mut intake: InputReader) {
        let fault = intake.faults();
        for row in intake.by_ref() {
            if !self.pool.wait_for_room() {
                return;
            }
            if let Err(ReadError::Input(error)) = &row {
                // The rows before the error are processed all the same.
                self.pool.with(|state| state.input_fault = Some(fault(error)));
                break;
            }
            let number = self.pool.with(RunState::next_number);
            self.enter(number, row);
        }
        intake.notes().iter().for_each(|note| self.tally.warn(note));
        self.pool.with(|state| state.ended = true);
        self.pool.wake();
    }

    /// Gives a row to the first part that wants it, or its cached answer to the writer.
    fn enter(&self, number: u64, row: Result<Row, ReadError>) {
        let row = match row {
            Err(wrong) => return self.finish(number, Err(wrong)),
            Ok(row) => row,
        };
        if let Some(what) = lacks(&self.shape, &row) {
            return self.finish(number, Ok(Outcome::Failed(row, what)));
        }
        let first = &self.parts[0];
        if !first.admits(&row, &*self.tally) {
            return self.finish(number, Ok(Outcome::Filtered));
        }
        let key = self.key.and_then(|key| cache_key::of_row(&row, key, &**first, &self.sets));
        match self.answers.get(key.as_deref()) {
            Some(answer) => self.finish(number, Ok(answer.outcome(row, &**first, &self.sets))),
            None => self.forward(Job { number, key, turn: None, row }, 0),
        }
    }

    fn finish(&self, number: u64, outcome: Finished) {
        self.pool.with(|state| state.finish(number, outcome));
        self.pool.wake_taker();
    }

    /// Queues a row for the next part that wants it.
    fn forward(&self, mut job: Job, from: usize) {
        let Some(part) = (from..self.parts.len()).find(|&part| self.parts[part].wants(&job.row))
        else {
            return self.finish(job.number, Ok(Outcome::Rows(vec![job.row])));
        };
        job.turn = self.parts[part].turn(&job.row);
        if self.pool.with(|state| state.queue(part, job)) {
            self.pool.wake_worker();
        }
    }

    /// Runs a batch on a worker thread.
    pub(super) fn work(&self, part: usize, jobs: Vec<Job>) -> Result<(), FatalError> {
        let (heads, rows): (Vec<_>, Vec<_>) =
            jobs.into_iter().map(|job| ((job.number, job.key, job.turn), job.row)).unzip();
        let outcomes = self.parts[part].run(rows, &*self.tally)?;
        for ((number, key, turn), outcome) in heads.into_iter().zip(outcomes) {
            self.hand_on(part, number, key, outcome);
            turn.iter().for_each(|turn| self.pool.with(|state| state.pass_on(part, turn)));
        }
        self.pool.with(|state| state.end_batch(part));
        self.pool.wake_taker();
        Ok(())
    }

    fn hand_on(&self, part: usize, number: u64, key: Option<String>, outcome: Outcome) {
        match outcome {
            Outcome::Next(row) if part + 1 < self.parts.len() => {
                self.forward(Job { number, key, turn: None, row }, part + 1);
            }
            outcome => {
                if let Err(fault) = self.answers.put(key.as_deref(), &outcome) {
                    self.pool.fail(fault);
                }
                self.pool.with(|state| state.finish(number, Ok(outcome)));
            }
        }
    }

    /// The writer: passes on what is next in order until everything is written.
    pub(super) fn write(
        &self,
        to: &mut Downstream,
        meter: &dyn Fn() -> Option<f64>,
    ) -> Result<(), FatalError> {
        let mut shown = Instant::now();
        loop {
            match self.pool.take() {
                Taken::Output(ready) => {
                    ready.into_iter().try_for_each(|outcome| to.take(outcome, &self.tally))?;
                }
                // The header waits for the first answer: there may never be one.
                Taken::Idle if !self.pool.with(|state| state.has_outcome()) => {}
                Taken::Idle => to.sink.flush()?,
                Taken::End(Err(fault)) => return Err(fault),
                // An incomplete input must not produce a complete result.
                Taken::End(Ok(())) if self.is_cut() => return Ok(()),
                Taken::End(Ok(())) => return to.end(&self.tally),
            }
            if shown.elapsed() >= TICK {
                self.tally.progress(self.pool.with(|state| state.progress(meter())));
                shown = Instant::now();
            }
        }
    }
}
