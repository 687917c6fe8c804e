//! Shows progress: on a terminal that can erase a line, on one that cannot, or as events.

use std::io::{Write, stderr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::run::{Counts, Progress};

use super::super::message_flags::LogFormat;
use super::bar::WIPE;
use super::{Terminal, json_log};

/// How often the bar is drawn.
const DRAWN: Duration = Duration::from_millis(125);
/// How often events are written.
const EVENTS: Duration = Duration::from_millis(500);
/// How often a line is printed where no bar can be drawn.
const SAID: Duration = Duration::from_secs(10);

/// Whether the terminal can only print.
pub fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

/// The width of the terminal at stderr.
fn columns() -> usize {
    terminal_size::terminal_size_of(stderr()).map_or(80, |(width, _)| usize::from(width.0))
}

impl Terminal {
    /// The bar, if one is drawn.
    pub(super) fn drawn(&self) -> Option<String> {
        let bar = self.bar.as_ref().filter(|_| self.wipes)?;
        let is_away = [&self.has_ended, &self.is_paused, &self.is_hidden];
        if is_away.iter().any(|is_away| is_away.load(Ordering::Relaxed)) {
            return None;
        }
        let bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        Some(format!("{WIPE}{}", bar.line(columns(), Instant::now())))
    }

    /// Shows progress as the terminal can: a line that is redrawn, or a new line now and then.
    pub fn show(&self, text: &str, at: Progress, counts: &Counts) {
        let Some(bar) = &self.bar else { return };
        let now = Instant::now();
        bar.lock().unwrap_or_else(PoisonError::into_inner).update(text, at, now);
        let every = match self.format {
            LogFormat::Json => EVENTS,
            LogFormat::Text if self.wipes => DRAWN,
            LogFormat::Text => SAID,
        };
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let last = *shown.get_or_insert_with(|| if every == SAID { now } else { now - every });
        if now - last < every || self.has_ended.load(Ordering::Relaxed) {
            return;
        }
        *shown = Some(now);
        drop(shown);
        if self.format == LogFormat::Json {
            self.write(json_log::progress(&self.speaker, counts, at).as_bytes());
        } else if self.wipes {
            self.draw();
        } else if !self.is_hidden.load(Ordering::Relaxed) {
            let bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
            self.write((bar.line(columns(), now) + "\n").as_bytes());
        }
    }

    /// Draws the bar unless it has ended; then it is never drawn again.
    fn draw(&self) -> bool {
        let Some(out) = &self.out else { return false };
        let line = self.drawn().unwrap_or_default();
        let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
        let is_on = !self.has_ended.load(Ordering::Relaxed);
        if is_on {
            let _ = out.write_all(line.as_bytes());
        }
        is_on
    }

    /// Redraws the bar from now on even without progress, because time passes.
    pub fn animate(self: &Arc<Self>) {
        if self.bar.is_none() || !self.wipes || self.format == LogFormat::Json {
            return;
        }
        let terminal = Arc::downgrade(self);
        std::thread::spawn(move || {
            while let Some(terminal) = terminal.upgrade() {
                if !terminal.draw() {
                    return;
                }
                drop(terminal);
                std::thread::sleep(4 * DRAWN);
            }
        });
    }
}
