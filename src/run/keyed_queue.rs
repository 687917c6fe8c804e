//! Rows about one thing, such as one photo, which are worked on one after the other in their order
//! however many threads there are.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

use super::row_in_flight::Job;

/// By the part and by what rows are about: those that wait for one that is in its queue or at work.
#[derive(Default)]
pub struct KeyedTurns(HashMap<(usize, PathBuf), VecDeque<Job>>);

impl KeyedTurns {
    /// The job, if it is its turn; else it waits.
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

    /// A job is done; the next one about the same thing, if there is any.
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
