//! What is on its way through joined parts: queues, what is done ahead of its
//! turn, and the window that bounds both.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Condvar, MutexGuard};
use std::time::{Duration, Instant};

use crate::row::Row;
use crate::row::row_format::ReadError;
use crate::shape::{Batch, FatalError, Outcome};
use crate::value::human_format::grouped;

use super::Progress;
use super::keyed_queue::Turns;
use super::row_in_flight::Job;

/// A slow row lets others go ahead until this many wait,
const WINDOW_ROWS: u64 = 10_000;
/// or until they weigh this much.
const WINDOW_BYTES: usize = 8 << 20;
/// A batch that is not full goes out when no row has come for this long.
pub const PAUSE: Duration = Duration::from_millis(30);
/// What became of a row; an error when it could not even be read.
pub type Finished = Result<Outcome, ReadError>;

pub struct RunState {
    pub queues: Vec<VecDeque<Job>>,
    turns: Turns,
    /// How many batches of each part are being worked on.
    pub busy: Vec<usize>,
    /// What is done but not next in order.
    pub done: BTreeMap<u64, Finished>,
    pub read: u64,
    pub written: u64,
    /// Beyond those, when the run has ended early.
    ahead: BTreeSet<u64>,
    pub waiting_bytes: usize,
    pub ended: bool,
    pub last_read: Instant,
    pub fault: Option<FatalError>,
    /// Why the input ended early.
    pub input_fault: Option<FatalError>,
}

impl RunState {
    pub fn new(parts: usize) -> RunState {
        RunState {
            queues: (0..parts).map(|_| VecDeque::new()).collect(),
            turns: Turns::default(),
            busy: vec![0; parts],
            done: BTreeMap::new(),
            read: 0,
            written: 0,
            ahead: BTreeSet::new(),
            waiting_bytes: 0,
            ended: false,
            last_read: Instant::now(),
            fault: None,
            input_fault: None,
        }
    }

    pub fn is_full(&self) -> bool {
        let waiting = self.read - self.written;
        waiting >= WINDOW_ROWS || (self.waiting_bytes >= WINDOW_BYTES && waiting > 0)
    }

    /// Puts a row before a part.
    pub fn queue(&mut self, part: usize, job: Job) {
        self.waiting_bytes += job.row.weight();
        self.last_read = Instant::now();
        self.queues[part].extend(self.turns.enter(part, job));
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

    /// The batch to work on next: a full one of the part farthest on, or what
    /// there is when the input has ended or pauses.
    pub fn take_batch(&mut self, parts: &[Arc<dyn Batch>]) -> Option<(usize, Vec<Job>)> {
        let partial = self.ended || self.is_full() || self.last_read.elapsed() >= PAUSE;
        // As long as an earlier part has rows, more may be on their way to this batch.
        let first = (0..parts.len()).find(|&part| self.busy[part] + self.queues[part].len() > 0)?;
        let is_ready = |part: &usize| {
            let waiting = self.queues[*part].len();
            waiting >= parts[*part].size() || (partial && waiting > 0 && *part <= first)
        };
        let part = (0..parts.len()).rev().find(is_ready)?;
        let size = parts[part].size().min(self.queues[part].len());
        let jobs: Vec<Job> = self.queues[part].drain(..size).collect();
        self.waiting_bytes = self
            .waiting_bytes
            .saturating_sub(jobs.iter().map(|job| job.row.weight()).sum::<usize>());
        self.busy[part] += 1;
        Some((part, jobs))
    }

    /// What is done and next in order.
    pub fn take_next(&mut self) -> Vec<Finished> {
        let mut next = Vec::new();
        while let Some(outcome) = self.done.remove(&self.written) {
            self.waiting_bytes = self.waiting_bytes.saturating_sub(weight(&outcome));
            self.written += 1;
            next.push(outcome);
        }
        next
    }

    /// What is done, with holes in its order.
    pub fn take_rest(&mut self) -> Vec<Finished> {
        self.waiting_bytes = 0;
        self.ahead.extend(self.done.keys());
        std::mem::take(&mut self.done).into_values().collect()
    }
}

impl RunState {
    /// How far the run is, when this part of the input has been read.
    pub fn progress(&self, read: Option<f64>) -> Progress {
        let answered = self.written + (self.done.len() + self.ahead.len()) as u64;
        let of_read = if self.read == 0 { 1.0 } else { answered as f64 / self.read as f64 };
        let read = if self.ended { Some(1.0) } else { read };
        let share = read.map(|read| (read * of_read).clamp(0.0, 1.0));
        Progress { share, is_waiting: !self.ended && answered >= self.read }
    }

    pub fn has_answered(&self) -> bool {
        self.written > 0 || !self.ahead.is_empty()
    }

    /// What there is to say of rows that nobody has answered when the run has ended early.
    pub fn unanswered(&self) -> Option<String> {
        let rows = self.read - self.written - self.ahead.len() as u64;
        let rest = if self.ended { "" } else { ", and those that were not read yet" };
        (rows > 0 || !self.ended).then(|| format!("{} rows have no answer{rest}", grouped(rows)))
    }

    /// Which rows have been handed on, by number.
    pub fn answered(&self) -> impl Fn(u64) -> bool + use<> {
        let (written, ahead) = (self.written, self.ahead.clone());
        move |number| number < written || ahead.contains(&number)
    }
}

/// Waits for a sign, or for so long.
pub fn wait<'a>(
    on: &Condvar,
    state: MutexGuard<'a, RunState>,
    time: Duration,
) -> MutexGuard<'a, RunState> {
    on.wait_timeout(state, time).map(|(state, _)| state).unwrap_or_else(|e| e.into_inner().0)
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
