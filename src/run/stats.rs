//! Counts and messages of a running stage. Messages go to a [`Reporter`]: this layer never prints.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::row::{Field, Row};
pub use crate::service::retry::Stop;
use crate::shape::{Diagnostics, End};
use crate::value::human_format::grouped;

/// Receives messages for the user.
pub trait Reporter: Send + Sync {
    /// A failed row: shown even with `--quiet`.
    fn error(&self, text: &str);
    /// A warning: a row that is gone, a note.
    fn warn(&self, text: &str);
    /// A detail, shown with `--verbose`.
    fn detail(&self, text: &str);
    /// The progress of the run, many times per second.
    fn progress(&self, counts: &Counts, at: Progress);
}

/// The progress of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// The share of rows that have an answer, from 0 to 1, if it is known.
    pub share: Option<f64>,
    /// Whether all rows read so far are answered, and more may come.
    pub is_waiting: bool,
}

/// The name under which rows without a status are counted.
pub const ROWS: &str = "rows";

/// The number of rows by their outcome, and the stage's own counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// `done`, `kept`, `held`, or `rows` for tools that set no status.
    pub rows: BTreeMap<String, u64>,
    pub filtered: u64,
    pub ended: BTreeMap<End, u64>,
    pub failed: u64,
    /// Rows that report a finding of a check.
    pub found: u64,
    /// Counters of the stage, such as `requests`.
    pub others: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// All rows that were passed on.
    pub fn passed(&self) -> u64 {
        self.rows.values().sum()
    }

    /// Whether there were rows, and filters dropped all of them.
    pub fn is_all_left_out(&self) -> bool {
        self.filtered > 0 && self.passed() + self.failed + self.ended_in_all() == 0
    }

    pub fn ended_in_all(&self) -> u64 {
        self.ended.values().sum()
    }
}

/// Counts, and passes messages on; shared by all threads of a run.
pub struct Stats {
    voice: Arc<dyn Reporter>,
    counts: Mutex<Counts>,
    said: Mutex<BTreeSet<String>>,
    reasons: Mutex<BTreeMap<String, Reason>>,
}

/// A reason why rows have no answer.
struct Reason {
    rows: u64,
    first: String,
    is_error: bool,
}

/// The number of rows that are named for each reason. The others are counted in one line at the end.
const NAMED: u64 = 3;
/// For further reasons every row is named.
const MOST_REASONS: usize = 1000;

impl Stats {
    pub fn new(voice: Arc<dyn Reporter>) -> Stats {
        let (counts, said, reasons) = Default::default();
        Stats { voice, counts, said, reasons }
    }

    pub fn counts(&self) -> Counts {
        self.lock().clone()
    }

    pub fn progress(&self, at: Progress) {
        self.voice.progress(&self.counts(), at);
    }

    pub fn passed(&self, row: &Row) {
        let word = row.get(Field::Status).unwrap_or(ROWS);
        let mut counts = self.lock();
        match counts.rows.get_mut(word) {
            Some(count) => *count += 1,
            None => _ = counts.rows.insert(word.to_string(), 1),
        }
    }

    pub fn filtered(&self) {
        self.lock().filtered += 1;
    }

    pub fn ended(&self, end: End) {
        *self.lock().ended.entry(end).or_default() += 1;
    }

    /// Counts a failed row and reports it.
    pub fn failed(&self, what: &str) {
        self.lock().failed += 1;
        self.name(what, true);
    }

    /// Reports a row that has no answer, unless enough rows were named for the same reason.
    pub fn name(&self, what: &str, is_error: bool) {
        let mut reasons = self.reasons.lock().unwrap_or_else(|broken| broken.into_inner());
        let key = reason(what);
        if reasons.len() < MOST_REASONS || reasons.contains_key(&key) {
            let new = || Reason { rows: 0, first: what.to_string(), is_error };
            let reason = reasons.entry(key).or_insert_with(new);
            reason.rows += 1;
            if reason.rows > NAMED {
                drop(reasons);
                return self.voice.detail(what);
            }
        }
        drop(reasons);
        self.say(what, is_error);
    }

    /// Reports how many rows were not named.
    pub fn say_unnamed(&self) {
        let reasons = self.reasons.lock().unwrap_or_else(|broken| broken.into_inner());
        for Reason { rows, first, is_error } in reasons.values().filter(|it| it.rows > NAMED) {
            let more = grouped(rows - NAMED);
            self.say(&format!("{more} more rows for the same reason as {first}"), *is_error);
        }
    }

    fn say(&self, what: &str, is_error: bool) {
        if is_error { self.voice.error(what) } else { self.voice.warn(what) }
    }

    pub fn found(&self) {
        self.lock().found += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

/// The reason in a message about a row, without its line number and quoted texts.
fn reason(what: &str) -> String {
    let line = what.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
    let what = line
        .filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(what, |it| it.1);
    what.split('\'').step_by(2).collect()
}

impl Diagnostics for Stats {
    fn once(&self, text: &str) {
        let mut said = self.said.lock().unwrap_or_else(|broken| broken.into_inner());
        // The notes of a stage that never stops are limited.
        if said.len() < 1000 && said.insert(text.to_string()) {
            self.voice.warn(text);
        }
    }

    fn warn(&self, text: &str) {
        self.voice.warn(text);
    }

    fn count(&self, what: &'static str, more: u64) {
        *self.lock().others.entry(what).or_default() += more;
    }
}
