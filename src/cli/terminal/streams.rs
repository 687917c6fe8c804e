//! Standard streams for commands that are not a run: writing to stdout, messages on stderr, and whether each is a
//! terminal.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write, stdin, stdout};
use std::process::ExitCode;

use crate::run::{StdStream, Stop};

use super::super::log_file::Level;
use super::super::task_placeholder;
use super::json_log::{self, Speaker};
use super::text_log::{line, plain};

/// Whether the rows go to a terminal.
pub fn is_terminal_out() -> bool {
    stdout().is_terminal()
}

/// The width of the terminal at stdout; `None` if it is not a terminal.
pub fn width_of_stdout() -> Option<usize> {
    terminal_size::terminal_size_of(stdout()).map(|(width, _)| usize::from(width.0))
}

/// Writes all bytes to stdout.
pub fn write_out(bytes: &[u8], stop: &Stop) -> io::Result<()> {
    unless_gone(StdStream::stdout(stop).and_then(|mut out| out.write_all(bytes)))
}

/// Treats a reader that closes the pipe early as a normal end.
pub fn unless_gone(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// The exit status of a command that only writes to stdout.
pub fn ended(name: &str, written: io::Result<()>) -> ExitCode {
    let Err(error) = written else { return ExitCode::SUCCESS };
    say(name, &format!("cannot write to stdout: {error}"));
    ExitCode::from(2)
}

/// Writes a message line on stderr outside a run.
pub fn say(name: &str, text: &str) {
    let speaker = Speaker {
        tool: name.to_string(),
        task: typed("--task").or_else(task_placeholder::of_environment),
    };
    let as_json = || json_log::message(&speaker, Level::Error, &plain(text));
    let said = if is_json_typed() { as_json() } else { line(name, text) };
    let _ = io::stderr().write_all(said.as_bytes());
}

/// Whether messages should be JSON, as far as the command line shows before it is accepted.
pub fn is_json_typed() -> bool {
    typed("--log-format").as_deref() == Some("json")
}

/// The value of a flag on a command line that is not accepted yet.
fn typed(flag: &str) -> Option<String> {
    let typed = std::env::args_os().take_while(|typed| typed != "--");
    let typed: Vec<OsString> = typed.collect();
    let apart = typed.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].to_string_lossy());
    let joined = || {
        let mut values = typed.iter().filter_map(|typed| typed.to_str()?.strip_prefix(flag));
        values.find_map(|value| value.strip_prefix('=')).map(str::to_owned)
    };
    apart.map(|value| value.into_owned()).or_else(joined)
}

/// Writes a text that already has several lines, such as the error for a command line.
pub fn say_lines(text: &str) {
    // There is nobody else to report to.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Whether a person would have to type rows.
pub fn is_terminal_in() -> bool {
    stdin().is_terminal()
}

/// Whether stdout is a pipe: of the tools in a pipe, only the last draws a bar.
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
