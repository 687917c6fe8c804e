//! Words on stderr: messages, the progress bar, the line of counts.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write, stderr, stdin, stdout};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::disk::lock::{self, NO_LOCKS};
use crate::run::stats::ROWS;
use crate::run::{Counts, Outlet, Reporter, Stop};
use crate::service::settings::Log;
use crate::shape::FatalError;
use crate::value::human_format::{bytes, grouped, without_codes};
use crate::value::provenance::Status;

use super::log::{Level, LogFile};
use super::talk_flags::{Talk, When};

/// The user at stderr.
pub struct Terminal {
    name: String,
    quiet: bool,
    verbose: bool,
    bar: Option<ProgressBar>,
    /// None when it is closed: nobody reads what is said.
    out: Option<Mutex<Outlet>>,
    log: Option<LogFile>,
    log_error: Once,
    locks: Once,
}

impl Terminal {
    /// # Errors
    /// A log file that cannot be written.
    pub fn new(name: &str, talk: &Talk, stop: &Stop) -> Result<Terminal, FatalError> {
        let draws = match talk.progress {
            When::Auto => !talk.quiet && stderr().is_terminal() && !is_pipe_out(),
            When::Always => true,
            When::Never => false,
        };
        let bar = draws.then(|| bar(name));
        let out = Outlet::stderr(stop).ok().map(Mutex::new);
        let log = talk.log_file.as_deref().map(|path| {
            let wrong = |error| FatalError(format!("cannot write '{}': {error}", path.display()));
            LogFile::open(path, stop).map_err(wrong)
        });
        Ok(Terminal {
            name: name.to_string(),
            quiet: talk.quiet,
            verbose: talk.verbose,
            bar,
            out,
            log: log.transpose()?,
            log_error: Once::new(),
            locks: Once::new(),
        })
    }

    /// For a person at a terminal only.
    pub fn hint(&self, text: &str) {
        if !self.quiet && stderr().is_terminal() {
            self.line(text);
        }
    }

    /// Takes a line about each request, when the user wants to see them.
    pub fn log(self: &Arc<Self>) -> Option<Log> {
        let terminal = Arc::clone(self);
        let is_wanted = self.verbose || self.log.is_some();
        is_wanted.then(|| Arc::new(move |text: &str| terminal.tell(Level::Request, text)) as Log)
    }

    /// Takes what the user should know, for the client.
    pub fn says(self: &Arc<Self>) -> Log {
        let terminal = Arc::clone(self);
        Arc::new(move |text: &str| terminal.warn(text))
    }

    /// Says once that there are no locks, if that is so.
    fn say_no_locks(&self) {
        if lock::were_refused() {
            self.locks.call_once(|| self.warn(NO_LOCKS));
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.say_no_locks();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// The line of counts at the end.
    pub fn counts(&self, counts: &Counts, took: Duration) {
        self.tell(Level::Info, &format!("{} in {}", sum(counts), duration(took)));
    }

    /// Says it to the log, and to the user if he wants it.
    pub fn tell(&self, level: Level, text: &str) {
        let is_shown = match level {
            Level::Error => true,
            Level::Warning | Level::Info => !self.quiet,
            Level::Request => self.verbose,
        };
        if is_shown {
            self.line(text);
        }
        self.keep(level, text);
    }

    /// Adds it to the log alone.
    pub fn keep(&self, level: Level, text: &str) {
        let Some(log) = &self.log else { return };
        if let Err(error) = log.write(level, &self.name, &plain(text)) {
            self.log_error.call_once(|| self.line(&format!("cannot write the log: {error}")));
        }
    }

    fn line(&self, text: &str) {
        let line = line(&self.name, text);
        let say = || self.write(line.as_bytes());
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }
}

impl Terminal {
    /// A stderr that is full, or whose reader has gone or sleeps, neither ends
    /// the run nor holds up its end: the rows are what counts.
    fn write(&self, line: &[u8]) {
        if let Some(out) = &self.out {
            let _ = out.lock().unwrap_or_else(PoisonError::into_inner).write_all(line);
        }
    }

    /// Says where a bug is; the run says what it was.
    pub fn say_panics(self: &Arc<Self>) {
        let terminal = Arc::clone(self);
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(place) = panic.location() {
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

    fn progress(&self, counts: &Counts, share: Option<f64>) {
        self.say_no_locks();
        let Some(bar) = &self.bar else { return };
        if let Some(share) = share {
            bar.set_length(1000);
            bar.set_position((share * 1000.0) as u64);
        }
        bar.set_message(sum(counts));
        bar.tick();
    }
}

/// Whether a person reads our rows.
pub fn is_terminal_out() -> bool {
    stdout().is_terminal()
}

/// Writes all of it to stdout.
pub fn write_out(bytes: &[u8], stop: &Stop) -> io::Result<()> {
    unless_gone(Outlet::stdout(stop).and_then(|mut out| out.write_all(bytes)))
}

/// A reader who has had enough is a normal end.
pub fn unless_gone(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// The status of what only writes to stdout.
pub fn ended(name: &str, written: io::Result<()>) -> ExitCode {
    let Err(error) = written else { return ExitCode::SUCCESS };
    say(name, &format!("cannot write to stdout: {error}"));
    ExitCode::from(2)
}

/// Says a line on stderr where there is no run.
pub fn say(name: &str, text: &str) {
    let _ = io::stderr().write_all(line(name, text).as_bytes());
}

/// Says what has several lines already, such as a refused command line.
pub fn say_lines(text: &str) {
    // There is nobody else to tell.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// No message is longer, whatever came into it.
const MOST: usize = 2000;

/// On one line, without what would steer a terminal.
fn plain(text: &str) -> String {
    let text = without_codes(text);
    let shown = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c });
    let rest = if text.chars().nth(MOST).is_some() { "..." } else { "" };
    shown.collect::<String>() + rest
}

fn line(name: &str, text: &str) -> String {
    format!("{name}: {}\n", plain(text))
}

/// Whether a person would have to type rows.
pub fn is_terminal_in() -> bool {
    stdin().is_terminal()
}

/// In a pipe of several tools only the last draws.
#[cfg(unix)]
fn is_pipe_out() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let out = stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    out.and_then(|out| out.metadata()).is_ok_and(|meta| meta.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe_out() -> bool {
    false
}

fn bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
    let style = ProgressStyle::with_template("{prefix} {bar:20} {elapsed} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(name.to_string());
    bar
}

/// `1,203 done, 40 kept, 3 gone, 2 failed, 512 MB`.
fn sum(counts: &Counts) -> String {
    let mut parts: Vec<String> = Vec::new();
    let [done, planned, kept, held] =
        [Status::Done, Status::Planned, Status::Kept, Status::Held].map(Status::word);
    let order = [done, planned, kept, held, ROWS];
    let known = order.iter().filter_map(|word| counts.rows.get_key_value(*word));
    let others = counts.rows.iter().filter(|(word, _)| !order.contains(&word.as_str()));
    parts.extend(known.chain(others).map(|(word, n)| format!("{} {word}", grouped(*n))));
    if parts.is_empty() {
        parts.push("0 rows".to_string());
    }
    if counts.filtered > 0 {
        parts.push(format!("{} left out", grouped(counts.filtered)));
    }
    parts.extend(counts.ended.iter().map(|(end, n)| format!("{} {}", grouped(*n), end.word())));
    if counts.failed > 0 {
        parts.push(format!("{} failed", grouped(counts.failed)));
    }
    for (what, n) in &counts.others {
        parts.push(match *what {
            "bytes" => bytes(*n),
            what => format!("{} {what}", grouped(*n)),
        });
    }
    parts.join(", ")
}

fn duration(took: Duration) -> String {
    let seconds = took.as_secs();
    let mut text = String::new();
    if seconds >= 3600 {
        let _ = write!(text, "{} h ", seconds / 3600);
    }
    if seconds >= 60 {
        let _ = write!(text, "{} min ", seconds / 60 % 60);
    }
    let _ = if seconds < 10 {
        write!(text, "{:.1} s", took.as_secs_f64())
    } else {
        write!(text, "{} s", seconds % 60)
    };
    text
}

#[cfg(test)]
mod tests;
