//! Writes a message line to the user, to the log, or to both.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use self::bar::WIPE;
use self::text_log::{duration, line, plain, sum};

use crate::run::Counts;

use super::super::log_file::{self, Level};
use super::super::message_flags::LogFormat;
use super::{Terminal, bar, json_log, text_log};

impl Terminal {
    /// Writes a hint, only for a person at a terminal.
    pub fn hint(&self, text: &str) {
        if !self.quiet && stderr().is_terminal() {
            self.line(Level::Info, text);
        }
    }

    /// Writes the line of counts at the end.
    pub fn counts(&self, counts: &Counts, took: Duration) {
        let text = format!("{} in {}", sum(counts), duration(took));
        self.put(Level::Info, &text, || json_log::counts(&self.speaker, counts, took, &text));
    }

    /// Writes a message to the log, and to the user if they want it.
    pub fn tell(&self, level: Level, text: &str) {
        self.put(level, text, || json_log::message(&self.speaker, level, &plain(text)));
    }

    fn put(&self, level: Level, text: &str, event: impl Fn() -> String) {
        let is_shown = match level {
            Level::Error => true,
            Level::Warning | Level::Wait | Level::Info => !self.quiet,
            Level::Request => self.verbose,
        };
        // The log first: whoever reads stderr may end the run because of the message.
        self.keep_event(level, text, &event);
        match (is_shown, self.format) {
            (true, LogFormat::Json) => self.write(event().as_bytes()),
            (true, LogFormat::Text) => self.line(level, text),
            (false, _) => {}
        }
    }

    /// Writes to the log alone.
    pub fn keep(&self, level: Level, text: &str) {
        self.keep_event(level, text, || json_log::message(&self.speaker, level, &plain(text)));
    }

    fn keep_event(&self, level: Level, text: &str, event: impl Fn() -> String) {
        let Some(log) = &self.log else { return };
        let written = log.write(&match self.format {
            LogFormat::Json => event(),
            LogFormat::Text => log_file::line(level, &self.speaker.tool, &plain(text)),
        });
        if let Err(error) = written {
            let what = format!("cannot write the log: {error}");
            self.log_error.call_once(|| self.line(Level::Error, &what));
        }
    }

    /// Writes a line in place of the bar, which is drawn again below it.
    pub(super) fn line(&self, level: Level, text: &str) {
        if self.format == LogFormat::Json {
            return self.write(json_log::message(&self.speaker, level, &plain(text)).as_bytes());
        }
        let wipe = if self.wipes { WIPE } else { "" };
        let bar = self.drawn().unwrap_or_default();
        self.write(format!("{wipe}{}{bar}", line(&self.speaker.tool, text)).as_bytes());
    }
}
