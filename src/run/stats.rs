//! What is counted and said while a stage runs. The words go to a [`Reporter`]:
//! this layer never prints.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::row::{Field, Row};
pub use crate::service::retry::Stop;
use crate::shape::{Diagnostics, End};
use crate::value::human_format::grouped;

/// Says things to the user.
pub trait Reporter: Send + Sync {
    /// A failed row: said even to the quiet.
    fn error(&self, text: &str);
    /// What the user should know: a row that is gone, a note.
    fn warn(&self, text: &str);
    /// What is said to those who want to know all.
    fn detail(&self, text: &str);
    /// How far the run is, many times a second.
    fn progress(&self, counts: &Counts, at: Progress);
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// The part of the rows that have their answer, from 0 to 1, where that can be known.
    pub share: Option<f64>,
    /// Whether all rows that have come are answered, and more may come.
    pub is_waiting: bool,
}

/// What rows are counted as that have no status.
pub const ROWS: &str = "rows";

/// How many rows met which end, and what else the stage counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// `done`, `kept`, `held`, or `rows` for tools that set no status.
    pub rows: BTreeMap<String, u64>,
    pub filtered: u64,
    pub ended: BTreeMap<End, u64>,
    pub failed: u64,
    /// Rows that say what a check found.
    pub found: u64,
    /// Counts of the stage's own, such as `requests`.
    pub others: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// All rows that were passed on.
    pub fn passed(&self) -> u64 {
        self.rows.values().sum()
    }

    /// Whether there were rows, and filters left out every one.
    pub fn is_all_left_out(&self) -> bool {
        self.filtered > 0 && self.passed() + self.failed + self.ended_in_all() == 0
    }

    pub fn ended_in_all(&self) -> u64 {
        self.ended.values().sum()
    }
}

/// Counts, and hands words on; shared by all threads of a run.
pub struct Stats {
    voice: Arc<dyn Reporter>,
    counts: Mutex<Counts>,
    said: Mutex<BTreeSet<String>>,
    reasons: Mutex<BTreeMap<String, Reason>>,
}

/// Why rows have no answer.
struct Reason {
    rows: u64,
    first: String,
    is_error: bool,
}

/// So many rows of one reason are named. The others are counted in one line at the end.
const NAMED: u64 = 3;
/// Rows of further reasons are named each.
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

    /// Counts a failed row and names it.
    pub fn failed(&self, what: &str) {
        self.lock().failed += 1;
        self.name(what, true);
    }

    /// Names a row that has no answer, unless enough have been named for the same reason.
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

    /// Says how many rows were not named.
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

/// What is said of a row, without what names it: its line, and quoted words.
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
        // A stage that notes without end is heard for a while only.
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
