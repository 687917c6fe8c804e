//! Runs [`Batch`] parts joined one to the next: many threads, rows out in the
//! order of the input whatever their number.
//!
//! A reader thread fills the first part's queue as far as the window allows.
//! Workers take from the part farthest on that has a full batch, or any batch
//! when the input pauses. The calling thread writes what is next in order.

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use crate::row::row_format::ReadError;
use crate::row::{Column, Field, Row};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::threads::{Pool, TICK, Taken, last_owner};

use super::batch_queues::{Finished, RunState};
use super::failed::Answered;
use super::outcome_chain::Downstream;
use super::row_in_flight::Job;
use super::shared_cache::Kept;
use super::{Input, InputReader, Plan, Stats, Stop, Summary, cache_key, check_columns, lacks};

/// Runs the parts over the input. `last` takes their rows in order; kept is what comes to it.
pub fn run(
    plan: &Plan,
    input: Input,
    parts: Vec<Arc<dyn Batch>>,
    last: Option<&mut dyn Scan>,
) -> Result<Summary, FatalError> {
    let shape_of = |input: &InputHeader| {
        let last = last.as_ref().map(|last| last.shape(input));
        Shape::joined(parts.iter().map(|part| part.shape(input)).chain(last))
    };
    let (intake, shape, sink, tally) = plan.open(input, shape_of)?;
    let sets = parts.first().map(|part| part.shape(&intake.header()).sets).unwrap_or_default();
    check_columns(&shape, intake.columns())?;
    let answers = Kept::new(plan.answers()?);
    let meter = intake.meter();
    let sizes = parts.iter().map(|part| part.size()).collect();
    let pipeline = Arc::new(Pipeline {
        pool: Pool::new(RunState::new(sizes), plan.stop.clone()),
        key: plan.keep.as_ref().and_then(|keep| keep.key).filter(|_| answers.is_any()),
        answers,
        parts,
        shape,
        sets,
        tally: Arc::clone(&tally),
        stop: plan.stop.clone(),
    });
    let reading = Arc::clone(&pipeline);
    thread::spawn(move || {
        reading.pool.guard(|| {
            reading.read(intake);
            Ok(())
        });
    });
    for _ in 0..plan.jobs.max(1) {
        let working = Arc::clone(&pipeline);
        thread::spawn(move || working.pool.work(|(part, jobs)| working.work(part, jobs)));
    }
    let mut to = Downstream::new(sink, last);
    let fault = FatalError::guard(|| pipeline.write(&mut to, &meter)).err();
    pipeline.pool.close();
    let input_fault = pipeline.pool.with(|state| state.input_fault.take());
    let fault = fault.or(input_fault.filter(|_| !plan.stop.is_set()));
    if fault.is_none() && !plan.stop.is_set() && tally.counts().is_all_left_out() {
        pipeline.parts[0].nothing(&*tally);
    }
    pipeline.pool.with(|state| plan.say_unanswered(state, &to.sink, fault.is_some()));
    let answered = pipeline.pool.with(|state| state.answered());
    // After a stop a thread may still sit in a request: what it held counts as failed.
    let answers = last_owner(pipeline, 5 * TICK, |pipeline| pipeline.pool.wake());
    let answers = answers.and_then(|pipeline| pipeline.answers.into_inner());
    let answered = (!to.may_hold_rows()).then_some(&answered as Answered);
    Ok(plan.close(to.sink, &tally, answers, fault, answered))
}

/// The parts at work: what the reader, the workers and the writer share.
struct Pipeline {
    pool: Pool<RunState, FatalError>,
    parts: Vec<Arc<dyn Batch>>,
    shape: Shape,
    /// What the first part sets, whose answers are kept.
    sets: Vec<Column>,
    key: Option<Field>,
    answers: Kept,
    tally: Arc<Stats>,
    stop: Stop,
}

impl Pipeline {
    fn is_cut(&self) -> bool {
        self.stop.is_set() || self.pool.with(|state| state.input_fault.is_some())
    }

    /// The reader thread.
    fn read(&self, mut intake: InputReader) {
        let fault = intake.faults();
        for row in intake.by_ref() {
            if !self.pool.wait_for_room() {
                return;
            }
            if let Err(ReadError::Input(error)) = &row {
                // The rows before it are gone through all the same.
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

    /// Gives a row to the first part that wants it, or its kept answer to the writer.
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

    /// Puts a row before the next part that has something to do for it.
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

    /// A worker thread, on a batch.
    fn work(&self, part: usize, jobs: Vec<Job>) -> Result<(), FatalError> {
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

    /// The writer: hands on what is next in order until all is written.
    fn write(
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
                Taken::Idle => to.sink.flush()?,
                Taken::End(Err(fault)) => return Err(fault),
                // What is not all there makes no whole of others.
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
