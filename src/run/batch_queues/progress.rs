//! The progress of a run, and which rows have an answer.

use crate::value::human_format::counted;

use super::super::Progress;
use super::RunState;

impl RunState {
    /// The progress of the run, when this share of the input has been read.
    pub fn progress(&self, read: Option<f64>) -> Progress {
        let answered = self.written + (self.done.len() + self.ahead.len()) as u64;
        let of_read = if self.read == 0 { 1.0 } else { answered as f64 / self.read as f64 };
        let read = if self.ended { Some(1.0) } else { read };
        let share = read.map(|read| (read * of_read).clamp(0.0, 1.0));
        Progress { share, is_waiting: !self.ended && answered >= self.read }
    }

    /// Whether any row has an outcome, written or not.
    pub fn has_outcome(&self) -> bool {
        self.has_answered() || !self.done.is_empty()
    }

    pub fn has_answered(&self) -> bool {
        self.written > 0 || !self.ahead.is_empty()
    }

    /// The message about rows without an answer, if the run has ended early.
    pub fn unanswered(&self) -> Option<String> {
        let rows = self.read - self.written - self.ahead.len() as u64;
        let rest = if self.ended { "" } else { ", and those that were not read yet" };
        let have = if rows == 1 { "has" } else { "have" };
        let what = || format!("{} {have} no answer{rest}", counted(rows, "rows"));
        (rows > 0 || !self.ended).then(what)
    }

    /// Which rows have been passed on, by number.
    pub fn answered(&self) -> impl Fn(u64) -> bool + use<> {
        let (written, ahead) = (self.written, self.ahead.clone());
        move |number| number < written || ahead.contains(&number)
    }
}
