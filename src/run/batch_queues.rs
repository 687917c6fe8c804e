//! Rows in transit through chained parts: queues, results that are ready before their turn, and the window that bounds
//! both.

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

/// A slow row lets others overtake it until this many rows wait,
const WINDOW_ROWS: u64 = 10_000;
/// or until they have this weight, in bytes.
const WINDOW_BYTES: usize = 8 << 20;
/// A batch that is not full is processed when no row has come for this long.
const PAUSE: Duration = Duration::from_millis(30);
/// The outcome of a row, or an error if it could not even be read.
pub type Finished = Result<Outcome, ReadError>;

pub struct RunState {
    queues: Vec<VecDeque<Job>>,
    /// The batch size of each part.
    sizes: Vec<usize>,
    turns: KeyedTurns,
    /// The number of batches of each part that are being processed.
    busy: Vec<usize>,
    /// Results that are not next in order.
    done: BTreeMap<u64, Finished>,
    read: u64,
    written: u64,
    /// Rows after those that were written out of order, when the run ended early.
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

    /// Numbers a row that was just read.
    pub fn next_number(&mut self) -> u64 {
        self.read += 1;
        self.read - 1
    }

    /// Queues a row for a part. Returns whether a batch of it is full.
    pub fn queue(&mut self, part: usize, job: Job) -> bool {
        self.waiting_bytes += job.row.weight();
        self.last_read = Instant::now();
        self.queues[part].extend(self.turns.enter(part, job));
        self.queues[part].len() >= self.sizes[part]
    }

    /// A row was processed: the next one with the same key may run.
    pub fn pass_on(&mut self, part: usize, turn: &Path) {
        if let Some(next) = self.turns.leave(part, turn) {
            self.queues[part].push_front(next);
        }
    }

    pub fn finish(&mut self, number: u64, outcome: Finished) {
        self.waiting_bytes += weight(&outcome);
        self.done.insert(number, outcome);
    }

    /// A batch of the part was processed.
    pub fn end_batch(&mut self, part: usize) {
        self.busy[part] -= 1;
    }

    /// The next batch: a full one of the last part that has one, or a partial one if the input has ended or pauses.
    fn take_batch(&mut self) -> Option<(usize, Vec<Job>)> {
        let partial = self.ended || self.is_full() || self.last_read.elapsed() >= PAUSE;
        // While an earlier part has rows, more may come for this batch.
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

    /// The results that are next in order.
    fn take_next(&mut self) -> Vec<Finished> {
        let mut next = Vec::new();
        while let Some(outcome) = self.done.remove(&self.written) {
            self.waiting_bytes = self.waiting_bytes.saturating_sub(weight(&outcome));
            self.written += 1;
            next.push(outcome);
        }
        next
    }

    /// All results, with gaps in their order.
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

    /// Rows that were finished ahead of a slow row are cached and written too.
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
