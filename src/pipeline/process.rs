//! Runs tools as processes joined by pipes, and reads their messages.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::cli::config_file;
use crate::cli::signals::PARENT;
use crate::disk::{Action, PathError};
use crate::run::Stop;
use crate::shape::FatalError;

use super::command_line::CommandLine;

/// How often the stop flag is checked.
const TICK: Duration = Duration::from_millis(100);

/// Runs the commands, each reading the output of the one before. `hear` receives each line of their stderr, and now and
/// then `None`. Once the run has to stop, each is asked to end, and waited for.
pub fn run(
    commands: &[CommandLine],
    token: Option<&str>,
    stop: &Stop,
    mut hear: impl FnMut(Option<(usize, String)>),
) -> Result<Vec<ExitStatus>, FatalError> {
    let mut children = start(commands, token)?;
    let (to, from) = channel();
    for (number, child) in children.iter_mut().enumerate() {
        if let Some(stderr) = child.stderr.take() {
            let to = to.clone();
            thread::spawn(move || pass_on(number, stderr, &to));
        }
    }
    drop(to);
    let mut is_told = false;
    loop {
        match from.recv_timeout(TICK) {
            Ok(line) => hear(Some(line)),
            Err(RecvTimeoutError::Timeout) => hear(None),
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if stop.is_set() && !is_told {
            children.iter().for_each(ask_to_end);
            is_told = true;
        }
    }
    let lost = |error| FatalError(format!("cannot wait for a tool: {error}"));
    children.iter_mut().map(|child| child.wait().map_err(lost)).collect()
}

fn start(commands: &[CommandLine], token: Option<&str>) -> Result<Vec<Child>, FatalError> {
    let mut children: Vec<Child> = Vec::new();
    for (number, line) in commands.iter().enumerate() {
        let mut command = line.command()?;
        let before = children.last_mut().and_then(|child| child.stdout.take());
        command.stdin(before.map_or_else(Stdio::null, Stdio::from)).stderr(Stdio::piped());
        let is_last = number + 1 == commands.len();
        command.stdout(if is_last { Stdio::null() } else { Stdio::piped() });
        command.env(PARENT, std::process::id().to_string());
        config_file::profile().iter().for_each(|name| _ = command.env(config_file::PROFILE, name));
        token.iter().for_each(|token| _ = command.env("MAPILLARY_TOKEN", token));
        // Ctrl-C reaches this process alone, which asks each tool to end, once.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        match command.spawn() {
            Ok(child) => children.push(child),
            Err(error) => {
                children.iter().for_each(ask_to_end);
                children.iter_mut().for_each(|child| _ = child.wait());
                return Err(PathError::new(Action::Run, Path::new(&line.tool), error).into());
            }
        }
    }
    Ok(children)
}

fn pass_on(number: usize, stderr: ChildStderr, to: &Sender<(usize, String)>) {
    let mut lines = BufReader::new(stderr);
    let mut line = Vec::new();
    while let Ok(1..) = lines.read_until(b'\n', &mut line) {
        let text = String::from_utf8_lossy(&line).trim_end().to_string();
        if to.send((number, text)).is_err() {
            return;
        }
        line.clear();
    }
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    // It may have ended already.
    let _ = kill_process(Pid::from_child(child), Signal::TERM);
}

#[cfg(not(unix))]
fn ask_to_end(_: &Child) {}
