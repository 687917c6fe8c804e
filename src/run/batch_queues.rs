//! What is on its way through joined parts: queues, what is done ahead of its
//! turn, and the window that bounds both.

mod progress;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::row::Row;
use crate::row::row_format::ReadError;
use crate::shape::{FatalError, Outcome};
use crate::threads::{Schedule, TICK};

use super::keyed_queue::KeyedTurns;
use super::row_in_flight::Job;

/// A slow row lets others go ahead until this many wait,
const WINDOW_ROWS: u64 = 10_000;
/// or until they weigh this much.
const WINDOW_BYTES: usize = 8 << 20;
/// A batch that is not full goes out when no row has come for this long.
const PAUSE: Duration = Duration::from_millis(30);
/// What became of a row; an error when it could not even be read.
pub type Finished = Result<Outcome, ReadError>;

pub struct RunState {
    queues: Vec<VecDeque<Job>>,
    /// How many rows each part wants at once.
    sizes: Vec<usize>,
    turns: KeyedTurns,
    /// How many batches of each part are being worked on.
    busy: Vec<usize>,
    /// What is done but not next in order.
    done: BTreeMap<u64, Finished>,
    read: u64,
    written: u64,
    /// Beyond those, when the run has ended early.
    ahead: BTreeSet<u64>,
    waiting_bytes: usize,
    pub ended: bool,
    last_read: Instant,
    /// Why the input ended early.
    pub input_fault: Option<FatalError>,
}

impl RunState {
    pub fn new(sizes: Vec<usize>) -> RunState {
        RunState {
            queues: sizes.iter().map(|_| VecDeque::new()).collect(),
            turns: KeyedTurns::default(),
            busy: vec![0; sizes.len()],
            sizes,
            done: BTreeMap::new(),
            read: 0,
            written: 0,
            ahead: BTreeSet::new(),
            waiting_bytes: 0,
            ended: false,
            last_read: Instant::now(),
            input_fault: None,
        }
    }

    fn is_full(&self) -> bool {
        let waiting = self.read - self.written;
        waiting >= WINDOW_ROWS || (self.waiting_bytes >= WINDOW_BYTES && waiting > 0)
    }

    /// The number of a row that is read now.
    pub fn next_number(&mut self) -> u64 {
        self.read += 1;
        self.read - 1
    }

    /// Puts a row before a part; whether a batch of it is full.
    pub fn queue(&mut self, part: usize, job: Job) -> bool {
        self.waiting_bytes += job.row.weight();
        self.last_read = Instant::now();
        self.queues[part].extend(self.turns.enter(part, job));
        self.queues[part].len() >= self.sizes[part]
    }

    /// A row is worked on: the next one about the same thing has its turn.
    pub fn pass_on(&mut self, part: usize, turn: &Path) {
        if let Some(next) = self.turns.leave(part, turn) {
            self.queues[part].push_front(next);
        }
    }

    pub fn finish(&mut self, number: u64, outcome: Finished) {
        self.waiting_bytes += weight(&outcome);
        self.done.insert(number, outcome);
    }

    /// A batch of the part has been worked on.
    pub fn end_batch(&mut self, part: usize) {
        self.busy[part] -= 1;
    }

    /// The batch to work on next: a full one of the part farthest on, or what
    /// there is when the input has ended or pauses.
    fn take_batch(&mut self) -> Option<(usize, Vec<Job>)> {
        let partial = self.ended || self.is_full() || self.last_read.elapsed() >= PAUSE;
        // As long as an earlier part has rows, more may be on their way to this batch.
        let parts = 0..self.sizes.len();
        let first = parts.clone().find(|&part| self.busy[part] + self.queues[part].len() > 0)?;
        let is_ready = |part: &usize| {
            let waiting = self.queues[*part].len();
            waiting >= self.sizes[*part] || (partial && waiting > 0 && *part <= first)
        };
        let part = parts.rev().find(is_ready)?;
        let size = self.sizes[part].min(self.queues[part].len());
        let jobs: Vec<Job> = self.queues[part].drain(..size).collect();
        self.waiting_bytes = self
            .waiting_bytes
            .saturating_sub(jobs.iter().map(|job| job.row.weight()).sum::<usize>());
        self.busy[part] += 1;
        Some((part, jobs))
    }

    /// What is done and next in order.
    fn take_next(&mut self) -> Vec<Finished> {
        let mut next = Vec::new();
        while let Some(outcome) = self.done.remove(&self.written) {
            self.waiting_bytes = self.waiting_bytes.saturating_sub(weight(&outcome));
            self.written += 1;
            next.push(outcome);
        }
        next
    }

    /// What is done, with holes in its order.
    fn take_rest(&mut self) -> Vec<Finished> {
        self.waiting_bytes = 0;
        self.ahead.extend(self.done.keys());
        std::mem::take(&mut self.done).into_values().collect()
    }
}

impl Schedule for RunState {
    type Job = (usize, Vec<Job>);
    type Output = Vec<Finished>;

    fn next_job(&mut self) -> Result<Self::Job, Duration> {
        let pause = if self.queues.iter().all(VecDeque::is_empty) { TICK } else { PAUSE };
        self.take_batch().ok_or(pause)
    }

    fn next_output(&mut self) -> Option<Self::Output> {
        Some(self.take_next()).filter(|next| !next.is_empty())
    }

    /// What others finished ahead of a slow row is kept and printed too.
    fn remainder(&mut self) -> Option<Self::Output> {
        Some(self.take_rest()).filter(|rest| !rest.is_empty())
    }

    fn is_done(&mut self) -> bool {
        self.ended && self.written == self.read
    }

    fn has_room(&self) -> bool {
        !self.is_full()
    }
}

fn weight(outcome: &Finished) -> usize {
    match outcome {
        Ok(Outcome::Rows(rows)) => rows.iter().map(Row::weight).sum(),
        Ok(
            Outcome::Ended(row, _)
            | Outcome::Failed(row, _)
            | Outcome::Found(row, _)
            | Outcome::Next(row),
        ) => row.weight(),
        Ok(Outcome::Cut(cut)) => cut.rows.iter().map(Row::weight).sum(),
        Ok(Outcome::Filtered) | Err(_) => 0,
    }
}

#[cfg(test)]
mod tests;
