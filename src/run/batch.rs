//! Runs [`Batch`] parts joined one to the next: many threads, rows out in the
//! order of the input whatever their number.
//!
//! A reader thread fills the first part's queue as far as the window allows.
//! Workers take from the part farthest on that has a full batch, or any batch
//! when the input pauses. The calling thread writes what is next in order.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use crate::row::row_format::ReadError;
use crate::row::{Column, Field, Row};
use crate::shape::{Batch, Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

use super::batch_queues::{Finished, PAUSE, RunState, wait};
use super::failed::Answered;
use super::last_owner::last_owner;
use super::outcome_chain::Downstream;
use super::row_in_flight::Job;
use super::shared_cache::Kept;
use super::{Input, InputReader, Plan, Stats, Stop, Summary, cache_key, check_columns, lacks};

/// How often progress and the stop are looked at.
const TICK: Duration = Duration::from_millis(100);

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
    let pipeline = Arc::new(Pipeline {
        state: Mutex::new(RunState::new(parts.len())),
        work: Condvar::new(),
        done: Condvar::new(),
        room: Condvar::new(),
        key: plan.keep.as_ref().and_then(|keep| keep.key).filter(|_| answers.is_any()),
        answers,
        parts,
        shape,
        sets,
        tally: Arc::clone(&tally),
        stop: plan.stop.clone(),
    });
    let reading = Arc::clone(&pipeline);
    thread::spawn(move || reading.guard(|| reading.read(intake)));
    for _ in 0..plan.jobs.max(1) {
        let working = Arc::clone(&pipeline);
        thread::spawn(move || working.guard(|| working.work()));
    }
    let mut to = Downstream::new(sink, last);
    let fault = FatalError::guard(|| pipeline.write(&mut to, &meter)).err();
    fault.iter().for_each(|fault| pipeline.fail(fault.clone()));
    let fault = fault.or(pipeline.lock().input_fault.take().filter(|_| !plan.stop.is_set()));
    if fault.is_none() && !plan.stop.is_set() && tally.counts().is_all_left_out() {
        pipeline.parts[0].nothing(&*tally);
    }
    plan.say_unanswered(&pipeline.lock(), &to.sink, fault.is_some());
    let answered = pipeline.lock().answered();
    // After a stop a thread may still sit in a request: what it held counts as failed.
    let answers = last_owner(pipeline, 5 * TICK, Pipeline::wake);
    let answers = answers.and_then(|pipeline| pipeline.answers.into_inner());
    let answered = (!to.may_hold_rows()).then_some(&answered as Answered);
    Ok(plan.close(to.sink, &tally, answers, fault, answered))
}

/// The parts at work: what the reader, the workers and the writer share.
struct Pipeline {
    state: Mutex<RunState>,
    work: Condvar,
    done: Condvar,
    room: Condvar,
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
    fn lock(&self) -> MutexGuard<'_, RunState> {
        self.state.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    fn is_over(&self, state: &RunState) -> bool {
        self.stop.is_set() || state.fault.is_some()
    }

    fn is_cut(&self) -> bool {
        self.stop.is_set() || self.lock().input_fault.is_some()
    }

    /// A thread of the run, which ends it with its own end by a bug.
    fn guard(&self, thread: impl FnOnce()) {
        let ended = FatalError::guard(|| {
            thread();
            Ok(())
        });
        ended.err().into_iter().for_each(|fault| self.fail(fault));
    }

    /// Ends the run for a reason.
    fn fail(&self, fault: FatalError) {
        self.lock().fault.get_or_insert(fault);
        self.wake();
    }

    fn wake(&self) {
        self.work.notify_all();
        self.done.notify_all();
        self.room.notify_all();
    }

    /// The reader thread.
    fn read(&self, mut intake: InputReader) {
        for row in intake.by_ref() {
            let mut state = self.lock();
            while state.is_full() && !self.is_over(&state) {
                state = wait(&self.room, state, TICK);
            }
            if self.is_over(&state) {
                return;
            }
            if let Err(ReadError::Input(error)) = &row {
                // The rows before it are gone through all the same.
                state.input_fault = Some(FatalError(format!("cannot read rows: {error}")));
                break;
            }
            let number = state.read;
            state.read += 1;
            drop(state);
            self.enter(number, row);
        }
        intake.notes().iter().for_each(|note| self.tally.warn(note));
        self.lock().ended = true;
        self.work.notify_all();
        self.done.notify_all();
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
        self.lock().finish(number, outcome);
        self.done.notify_all();
    }

    /// Puts a row before the next part that has something to do for it.
    fn forward(&self, mut job: Job, from: usize) {
        let Some(part) = (from..self.parts.len()).find(|&part| self.parts[part].wants(&job.row))
        else {
            return self.finish(job.number, Ok(Outcome::Rows(vec![job.row])));
        };
        job.turn = self.parts[part].turn(&job.row);
        let mut state = self.lock();
        state.queue(part, job);
        let full = state.queues[part].len() >= self.parts[part].size();
        drop(state);
        if full {
            self.work.notify_one();
        }
    }

    /// A worker thread.
    fn work(&self) {
        while let Some((part, jobs)) = self.next_batch() {
            let (heads, rows): (Vec<_>, Vec<_>) =
                jobs.into_iter().map(|job| ((job.number, job.key, job.turn), job.row)).unzip();
            let outcomes = match self.parts[part].run(rows, &*self.tally) {
                Ok(outcomes) => outcomes,
                Err(fault) => return self.fail(fault),
            };
            for ((number, key, turn), outcome) in heads.into_iter().zip(outcomes) {
                self.hand_on(part, number, key, outcome);
                turn.iter().for_each(|turn| self.lock().pass_on(part, turn));
            }
            self.lock().busy[part] -= 1;
            self.done.notify_all();
        }
    }

    fn hand_on(&self, part: usize, number: u64, key: Option<String>, outcome: Outcome) {
        match outcome {
            Outcome::Next(row) if part + 1 < self.parts.len() => {
                self.forward(Job { number, key, turn: None, row }, part + 1);
            }
            outcome => {
                if let Err(fault) = self.answers.put(key.as_deref(), &outcome) {
                    self.fail(fault);
                }
                self.lock().finish(number, Ok(outcome));
            }
        }
    }

    /// Waits for a batch: a full one of the part farthest on, or what there is
    /// when the input has ended or pauses.
    fn next_batch(&self) -> Option<(usize, Vec<Job>)> {
        let mut state = self.lock();
        loop {
            if self.is_over(&state) || (state.ended && state.written == state.read) {
                return None;
            }
            if let Some(batch) = state.take_batch(&self.parts) {
                return Some(batch);
            }
            let time = if state.queues.iter().all(VecDeque::is_empty) { TICK } else { PAUSE };
            state = wait(&self.work, state, time);
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
            let (ready, over) = self.ready();
            let idle = ready.is_empty();
            ready.into_iter().try_for_each(|outcome| to.take(outcome, &self.tally))?;
            if shown.elapsed() >= TICK {
                self.tally.progress(self.lock().progress(meter()));
                shown = Instant::now();
            }
            match over {
                // What is not all there makes no whole of others.
                Some(Ok(())) if self.is_cut() => return Ok(()),
                Some(Ok(())) => return to.end(&self.tally),
                Some(Err(fault)) => return Err(fault),
                None if idle => to.sink.flush()?,
                None => {}
            }
        }
    }

    /// Outcomes that are next in order, and whether they are the last. Waits
    /// for a moment when there are none.
    fn ready(&self) -> (Vec<Finished>, Option<Result<(), FatalError>>) {
        let mut state = self.lock();
        let next = state.written;
        let is_over = state.ended && next == state.read;
        let is_pending = !is_over && !state.done.contains_key(&next);
        if is_pending && !self.is_over(&state) {
            state = wait(&self.done, state, TICK);
        }
        let mut ready = state.take_next();
        let fault = state.fault.clone();
        let finished = state.ended && state.written == state.read;
        if self.is_over(&state) {
            // What others finished ahead of a slow row is kept and printed too.
            ready.extend(state.take_rest());
        }
        let over = match (fault, finished || self.stop.is_set()) {
            (Some(fault), _) => Some(Err(fault)),
            (None, true) => Some(Ok(())),
            (None, false) => None,
        };
        drop(state);
        self.room.notify_all();
        if over.is_some() {
            self.wake();
        }
        (ready, over)
    }
}
