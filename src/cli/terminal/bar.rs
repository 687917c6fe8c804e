//! The progress line at the bottom of the terminal. It is one line, never wider than the terminal, so that whoever
//! prints next, even another tool of the same pipe, can erase it.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::run::Progress;
use crate::value::human_format::span;

/// Erases the line: carriage return, then clear to the end of the line.
pub const WIPE: &str = "\r\x1b[K";
/// The estimate uses the rate of the last minute, so that a slowdown shows.
const MEMORY: Duration = Duration::from_secs(60);
/// No estimate before this.
const FIRST_ESTIMATE: Duration = Duration::from_secs(3);
/// Width of the bar in columns; no bar where the terminal is narrower than `WIDE`.
const CELLS: usize = 20;
const WIDE: usize = 70;

/// The content of the line.
pub struct Bar {
    name: String,
    started: Instant,
    text: String,
    at: Progress,
    history: VecDeque<(Instant, f64)>,
}

impl Bar {
    pub fn new(name: &str, now: Instant) -> Bar {
        let (name, text, at) = (name.to_string(), String::new(), Progress::default());
        Bar { name, started: now, text, at, history: VecDeque::new() }
    }

    /// `text` is what has been counted.
    pub fn update(&mut self, text: &str, at: Progress, now: Instant) {
        (self.text, self.at) = (text.to_string(), at);
        let Some(share) = at.share else { return };
        if self.history.back().is_none_or(|(then, _)| now - *then >= Duration::from_secs(1)) {
            self.history.push_back((now, share));
        }
        while self.history.len() > 2 && now - self.history[0].0 > MEMORY {
            self.history.pop_front();
        }
    }

    /// The remaining time at the rate of the last minute.
    fn left(&self, now: Instant) -> Option<Duration> {
        let (then, before) = self.history.front()?;
        let (took, done) = ((now - *then).as_secs_f64(), self.at.share? - before);
        let is_soon = now - self.started < FIRST_ESTIMATE;
        let left = ((1.0 - self.at.share?) * took / done).max(1.0);
        (!is_soon && done > 0.0).then(|| Duration::try_from_secs_f64(left).ok()).flatten()
    }

    /// The line for a terminal with this many columns.
    pub fn line(&self, columns: usize, now: Instant) -> String {
        let mut line = self.name.clone();
        if let Some(share) = self.at.share {
            if columns >= WIDE {
                let full = (share * CELLS as f64) as usize;
                let _ = write!(line, " [{:-<CELLS$}]", "#".repeat(full.min(CELLS)));
            }
            let _ = write!(line, " {}%", (share * 100.0) as u64);
        }
        if let Some(left) = self.left(now) {
            let _ = write!(line, ", {} left", span(left.as_millis() as u64));
        }
        if !self.text.is_empty() {
            let _ = write!(line, ", {}", self.text);
        }
        if self.at.is_waiting {
            line += ", waiting for rows";
        }
        let _ = write!(line, ", {}", span((now - self.started).as_millis() as u64));
        // The last column stays free: some terminals wrap once it is written.
        line.chars().take(columns.saturating_sub(1)).collect()
    }
}

#[cfg(test)]
mod tests;
