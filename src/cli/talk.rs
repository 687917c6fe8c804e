//! Words on stderr: messages, the progress bar, the line of counts.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write, stderr, stdin, stdout};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::run::{Counts, Voice};
use crate::service::settings::Log;
use crate::value::amount::{bytes, grouped};

use super::flags::{Talk, When};

/// The user at stderr.
pub struct Terminal {
    name: String,
    quiet: bool,
    verbose: bool,
    bar: Option<ProgressBar>,
}

impl Terminal {
    pub fn new(name: &str, talk: &Talk) -> Terminal {
        let draws = match talk.progress {
            When::Auto => !talk.quiet && stderr().is_terminal() && !is_pipe_out(),
            When::Always => true,
            When::Never => false,
        };
        let bar = draws.then(|| bar(name));
        Terminal { name: name.to_string(), quiet: talk.quiet, verbose: talk.verbose, bar }
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
        self.verbose.then(|| Arc::new(move |text: &str| terminal.line(text)) as Log)
    }

    /// Takes what the user should know, for the client.
    pub fn says(self: &Arc<Self>) -> Log {
        let terminal = Arc::clone(self);
        Arc::new(move |text: &str| terminal.warn(text))
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// The line of counts at the end.
    pub fn counts(&self, counts: &Counts, took: Duration) {
        if !self.quiet {
            self.line(&format!("{} in {}", sum(counts), duration(took)));
        }
    }

    fn line(&self, text: &str) {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let say = || eprintln!("{}: {text}", self.name);
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }
}

impl Voice for Terminal {
    fn error(&self, text: &str) {
        self.line(text);
    }

    fn warn(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    fn progress(&self, counts: &Counts, share: Option<f64>) {
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

/// Writes all of it to stdout; a closed pipe is a normal end.
pub fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
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
    let order = ["done", "kept", "held", "rows"];
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
    let _ = match seconds < 10 {
        true => write!(text, "{:.1} s", took.as_secs_f64()),
        false => write!(text, "{} s", seconds % 60),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_a_sentence() {
        let mut counts = Counts { failed: 2, ..Counts::default() };
        counts.rows.insert("done".into(), 1203);
        counts.rows.insert("kept".into(), 40);
        counts.ended.insert(crate::stage::End::Gone, 3);
        counts.others.insert("bytes", 512_000_000);
        assert_eq!(sum(&counts), "1,203 done, 40 kept, 3 gone, 2 failed, 512 MB");
        assert_eq!(sum(&Counts::default()), "0 rows");
    }

    #[test]
    fn times_have_the_unit_that_suits() {
        assert_eq!(duration(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(duration(Duration::from_secs(3725)), "1 h 2 min 5 s");
    }
}
