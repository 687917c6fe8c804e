//! Rows with the same key, such as one photo, which are processed one after another in order, whatever the number of
//! threads.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

use super::row_in_flight::Job;

/// By part and key: the rows that wait for one that is queued or being processed.
#[derive(Default)]
pub struct KeyedTurns(HashMap<(usize, PathBuf), VecDeque<Job>>);

impl KeyedTurns {
    /// Returns the job if it may run; otherwise it waits.
    pub fn enter(&mut self, part: usize, job: Job) -> Option<Job> {
        let Some(turn) = &job.turn else { return Some(job) };
        match self.0.get_mut(&(part, turn.clone())) {
            Some(waiting) => {
                waiting.push_back(job);
                None
            }
            None => {
                self.0.insert((part, turn.clone()), VecDeque::new());
                Some(job)
            }
        }
    }

    /// A job is done: returns the next one with the same key, if there is any.
    pub fn leave(&mut self, part: usize, turn: &Path) -> Option<Job> {
        let key = (part, turn.to_path_buf());
        let next = self.0.get_mut(&key)?.pop_front();
        if next.is_none() {
            self.0.remove(&key);
        }
        next
    }
}

#[cfg(test)]
mod tests;
