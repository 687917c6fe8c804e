//! The three streams where there is no run: what is written to stdout, said on stderr, and what they are.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write, stdin, stdout};
use std::process::ExitCode;

use crate::run::{StdStream, Stop};

use super::super::log_file::Level;
use super::event::{self, Speaker};
use super::text::{line, plain};

/// Whether a person reads our rows.
pub fn is_terminal_out() -> bool {
    stdout().is_terminal()
}

/// The width of the terminal at stdout; none where there is no terminal.
pub fn width_of_stdout() -> Option<usize> {
    terminal_size::terminal_size_of(stdout()).map(|(width, _)| usize::from(width.0))
}

/// Writes all of it to stdout.
pub fn write_out(bytes: &[u8], stop: &Stop) -> io::Result<()> {
    unless_gone(StdStream::stdout(stop).and_then(|mut out| out.write_all(bytes)))
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
    let speaker = Speaker { tool: name.to_string(), task: None };
    let as_json = || event::message(&speaker, Level::Error, &plain(text));
    let said = if is_json_typed() { as_json() } else { line(name, text) };
    let _ = io::stderr().write_all(said.as_bytes());
}

/// Whether messages are to be JSON, as far as the command line tells that before it is accepted.
pub fn is_json_typed() -> bool {
    let typed = std::env::args_os().take_while(|typed| typed != "--").collect::<Vec<_>>();
    let is_pair = |pair: &[OsString]| pair[0] == "--log-format" && pair[1] == "json";
    typed.windows(2).any(is_pair) || typed.iter().any(|typed| typed == "--log-format=json")
}

/// Says what has several lines already, such as a refused command line.
pub fn say_lines(text: &str) {
    // There is nobody else to tell.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Whether a person would have to type rows.
pub fn is_terminal_in() -> bool {
    stdin().is_terminal()
}

/// In a pipe of several tools only the last draws.
#[cfg(unix)]
pub fn is_pipe_out() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;
    let out = stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    out.and_then(|out| out.metadata()).is_ok_and(|meta| meta.file_type().is_fifo())
}

#[cfg(not(unix))]
pub fn is_pipe_out() -> bool {
    false
}
