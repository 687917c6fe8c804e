//! Output on stderr: messages, progress bar, counts.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Instant;

use crate::disk::lock::{self, NO_LOCKS};
use crate::disk::{Action, AtPath};
use crate::run::{Counts, Progress, Reporter, StdStream, Stop};
use crate::service::settings::Log;
use crate::shape::FatalError;
use crate::threads::panics::is_foreign;

mod bar;
mod draw;
pub mod json_log;
mod message;
mod streams;
mod text_log;

use self::bar::{Bar, WIPE};
use self::draw::is_dumb;
use self::json_log::Speaker;
pub use self::streams::*;
pub use self::text_log::{duration, sum};
use super::log_file::{Level, LogFile};
use super::message_flags::{LogFormat, MessageFlags, When};
use super::task_placeholder;

/// The output to the user on stderr.
pub struct Terminal {
    speaker: Speaker,
    quiet: bool,
    verbose: bool,
    format: LogFormat,
    /// Whether stderr can erase a line.
    wipes: bool,
    bar: Option<Mutex<Bar>>,
    shown: Mutex<Option<Instant>>,
    has_ended: AtomicBool,
    /// While a question is shown, no bar is drawn.
    is_paused: AtomicBool,
    /// Rows are printed on this terminal too: they show the progress, and a bar would be mixed with them.
    is_hidden: AtomicBool,
    /// `None` when it is closed: nobody reads the messages.
    out: Option<Mutex<StdStream>>,
    log: Option<LogFile>,
    log_error: Once,
    locks: Once,
}

impl Terminal {
    /// # Errors
    /// A log file that cannot be written.
    pub fn new(name: &str, talk: &MessageFlags, stop: &Stop) -> Result<Terminal, FatalError> {
        let draws = match talk.progress {
            When::Auto if talk.log_format == LogFormat::Json => false,
            When::Auto => !talk.quiet && stderr().is_terminal() && !is_pipe_out(),
            When::Always => true,
            When::Never => false,
        };
        let bar = draws.then(|| Mutex::new(Bar::new(name, Instant::now())));
        let out = StdStream::stderr(stop)
            .map_err(|error| FatalError(format!("cannot use standard error: {error}")))?;
        let log = talk
            .log_file
            .as_deref()
            .map(|path| LogFile::open(path, stop).at_path(Action::Write, path));
        Ok(Terminal {
            speaker: Speaker { tool: name.to_string(), task: task_placeholder::of(talk) },
            quiet: talk.quiet,
            verbose: talk.verbose,
            format: talk.log_format,
            wipes: stderr().is_terminal() && !is_dumb(),
            bar,
            shown: Mutex::default(),
            has_ended: AtomicBool::new(false),
            is_paused: AtomicBool::new(false),
            is_hidden: AtomicBool::new(false),
            out: out.map(Mutex::new),
            log: log.transpose()?,
            log_error: Once::new(),
            locks: Once::new(),
        })
    }

    /// Whether only errors are printed.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether messages are for programs.
    pub fn is_json(&self) -> bool {
        self.format == LogFormat::Json
    }

    /// Whether requests are logged anywhere.
    pub fn wants_requests(&self) -> bool {
        self.verbose || self.log.is_some()
    }

    /// A log for each request, if the user wants to see them.
    pub fn log(self: &Arc<Self>) -> Option<Log> {
        let terminal = Arc::clone(self);
        self.wants_requests()
            .then(|| Arc::new(move |text: &str| terminal.tell(Level::Request, text)) as Log)
    }

    /// A log for warnings to the user.
    pub fn says(self: &Arc<Self>) -> Log {
        let terminal = Arc::clone(self);
        Arc::new(move |text: &str| terminal.warn(text))
    }

    /// A log for the waits of a service client.
    pub fn waits(self: &Arc<Self>) -> Log {
        let terminal = Arc::clone(self);
        Arc::new(move |text: &str| terminal.tell(Level::Wait, text))
    }

    /// Reports once that file locks are not available, if so.
    fn say_no_locks(&self) {
        if lock::were_refused() {
            self.locks.call_once(|| self.warn(NO_LOCKS));
        }
    }

    /// Removes the bar.
    pub fn end(&self) {
        self.say_no_locks();
        let Some(out) = &self.out else { return };
        let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
        self.has_ended.store(true, Ordering::Relaxed);
        if self.bar.is_some() && self.wipes {
            let _ = out.write_all(WIPE.as_bytes());
        }
    }

    /// Removes the bar while a question is shown.
    pub fn pause(&self, is_paused: bool) {
        self.is_paused.store(is_paused, Ordering::Relaxed);
        if is_paused && self.bar.is_some() && self.wipes {
            self.write(WIPE.as_bytes());
        }
    }

    /// Removes the bar for good.
    pub fn hide(&self) {
        self.is_hidden.store(true, Ordering::Relaxed);
        if self.bar.is_some() && self.wipes {
            self.write(WIPE.as_bytes());
        }
    }
}

impl Terminal {
    /// A stderr that is full, closed or not being read neither ends the run nor delays its end: the rows are what
    /// counts.
    fn write(&self, line: &[u8]) {
        if let Some(out) = &self.out {
            let _ = out.lock().unwrap_or_else(PoisonError::into_inner).write_all(line);
        }
    }

    /// Reports the location of a panic; the run reports its message.
    pub fn say_panics(self: &Arc<Self>) {
        let terminal = Arc::clone(self);
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(place) = panic.location().filter(|_| !is_foreign()) {
                terminal.tell(Level::Error, &format!("internal error at {place}"));
            }
        }));
    }
}

impl Reporter for Terminal {
    fn error(&self, text: &str) {
        self.tell(Level::Error, text);
    }

    fn warn(&self, text: &str) {
        self.tell(Level::Warning, text);
    }

    fn detail(&self, text: &str) {
        self.tell(Level::Request, text);
    }

    fn progress(&self, counts: &Counts, at: Progress) {
        self.say_no_locks();
        self.show(&sum(counts), at, counts);
    }
}

#[cfg(test)]
mod tests;
