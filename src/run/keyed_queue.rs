//! Rows about one thing, such as one photo, which are worked on one after the other in their order
//! however many threads there are.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

use super::row_in_flight::Job;

/// By the part and by what rows are about: those that wait for one that is in its queue or at work.
#[derive(Default)]
pub struct Turns(HashMap<(usize, PathBuf), VecDeque<Job>>);

impl Turns {
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
mod tests {
    use super::*;
    use crate::row::Row;

    fn job(number: u64, turn: Option<&str>) -> Job {
        Job { number, key: None, turn: turn.map(PathBuf::from), row: Row::from_cells(&[]) }
    }

    #[test]
    fn rows_about_one_thing_take_turns_and_others_do_not_wait() {
        let mut turns = Turns::default();
        let mut enter = |number, turn| turns.enter(0, job(number, turn)).is_some();
        let entered =
            [enter(0, Some("a")), enter(1, Some("a")), enter(2, None), enter(3, Some("b"))];
        assert_eq!(entered, [true, false, true, true]);
        assert!(!enter(4, Some("a")));
        assert!(turns.enter(1, job(5, Some("a"))).is_some(), "another part has its own turns");
        let mut leave = || turns.leave(0, Path::new("a")).map(|job| job.number);
        assert_eq!([leave(), leave(), leave()], [Some(1), Some(4), None]);
        assert!(turns.enter(0, job(6, Some("a"))).is_some());
    }
}
