//! What is on its way through joined parts: queues, what is done ahead of its
//! turn, and the window that bounds both.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use crate::row::Row;
use crate::stage::{Fault, Outcome};

/// A slow row lets others go ahead until this many wait,
const WINDOW_ROWS: u64 = 10_000;
/// or until they weigh this much.
const WINDOW_BYTES: usize = 8 << 20;
/// A row on its way: its number, and the key of its question.
pub struct Job {
    pub number: u64,
    pub key: Option<String>,
    pub row: Row,
}

pub struct State {
    pub queues: Vec<VecDeque<Job>>,
    /// What is done but not next in order.
    pub done: BTreeMap<u64, Result<Outcome, String>>,
    pub read: u64,
    pub written: u64,
    pub waiting_bytes: usize,
    pub ended: bool,
    pub last_read: Instant,
    pub fault: Option<Fault>,
}

impl State {
    pub fn new(parts: usize) -> State {
        State {
            queues: (0..parts).map(|_| VecDeque::new()).collect(),
            done: BTreeMap::new(),
            read: 0,
            written: 0,
            waiting_bytes: 0,
            ended: false,
            last_read: Instant::now(),
            fault: None,
        }
    }

    pub fn is_full(&self) -> bool {
        let waiting = self.read - self.written;
        waiting >= WINDOW_ROWS || (self.waiting_bytes >= WINDOW_BYTES && waiting > 0)
    }

    pub fn finish(&mut self, number: u64, outcome: Result<Outcome, String>) {
        self.waiting_bytes += weight(&outcome);
        self.done.insert(number, outcome);
    }
}

pub fn weight(outcome: &Result<Outcome, String>) -> usize {
    match outcome {
        Ok(Outcome::Rows(rows)) => rows.iter().map(Row::weight).sum(),
        Ok(Outcome::Ended(row, _) | Outcome::Failed(row, _) | Outcome::Next(row)) => row.weight(),
        Ok(Outcome::Filtered) | Err(_) => 0,
    }
}
