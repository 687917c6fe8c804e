//! The `mly` command: all tools under one name, with man pages and completions generated from the flag definitions.

mod tool_list;

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Command;

use crate::row::known_fields::nearest;
use crate::run::Stop;

use super::tool_descriptor::{ToolEntry, tool};
use super::{
    NAME, command, completions, config_command, demo, doctor, flags_page, man, pace_command,
    terminal,
};
use tool_list::list;

const SHELLS: &str = "bash, zsh, fish, elvish, powershell";

/// How the program with all tools was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// By the name of a tool.
    Tool,
    /// By any other name: the first argument names the tool.
    Front,
}

static CALL: OnceLock<Call> = OnceLock::new();

/// How this program was called. `None` for a program with a single tool.
pub fn call() -> Option<Call> {
    CALL.get().copied()
}

/// A command that only `mly` has, without a link of its name.
struct OwnEntry {
    name: &'static str,
    command: fn() -> Command,
    main: fn(&[ToolEntry]) -> ExitCode,
}

static OWN: [OwnEntry; 4] = [
    OwnEntry {
        name: "config",
        command: command::<config_command::Flags>,
        main: config_command::main,
    },
    OwnEntry { name: "demo", command: command::<demo::Flags>, main: |_| demo::main() },
    OwnEntry {
        name: "pace",
        command: command::<pace_command::Flags>,
        main: |_| pace_command::main(),
    },
    OwnEntry { name: "doctor", command: command::<doctor::Flags>, main: doctor::main },
];

fn own(name: &str) -> Option<&'static OwnEntry> {
    OWN.iter().find(|entry| entry.name == name)
}

/// Runs the tool that the first argument names, or a command of `mly` itself: list, man pages, completions.
///
/// Called through a link with the name of a tool, it is that tool; under any other name it is the `mly` command.
pub fn main(tools: &[ToolEntry]) -> ExitCode {
    let called = called().and_then(|name| tool(tools, &name));
    CALL.get_or_init(|| if called.is_some() { Call::Tool } else { Call::Front });
    if let Some(tool) = called {
        return (tool.main)();
    }
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "-h" | "--help"] => told(list(tools)),
        ["-V" | "--version"] => told(format!("{NAME} {}\n", env!("CARGO_PKG_VERSION"))),
        ["help", name, ..] => match command_of(tools, name) {
            Some(mut command) => told(command.render_long_help().to_string()),
            None => unknown(tools, name),
        },
        ["man", folder] => made(man::write(tools, front(tools), Path::new(folder))),
        ["flags"] => told(flags_page::page(tools)),
        ["completions", shell] => completions(tools, shell, None),
        ["completions", shell, folder] => completions(tools, shell, Some(folder)),
        ["completions"] => wrong(&format!("completions for which shell? There are {SHELLS}")),
        ["man"] => wrong("into which folder? Usage: mly man FOLDER"),
        [name, ..] => match (tool(tools, name), own(name)) {
            (Some(tool), _) => (tool.main)(),
            (None, Some(own)) => (own.main)(tools),
            (None, None) => unknown(tools, name),
        },
    }
}

/// The name under which this program was started.
fn called() -> Option<String> {
    let first = std::env::args_os().next()?;
    Some(Path::new(&first).file_stem()?.to_string_lossy().into_owned())
}

/// The command of a tool, or of an entry that only `mly` has.
fn command_of(tools: &[ToolEntry], name: &str) -> Option<Command> {
    let own = || own(name).map(|entry| (entry.command)());
    tool(tools, name).map(|tool| (tool.command)()).or_else(own)
}

fn names(tools: &[ToolEntry]) -> impl Iterator<Item = &str> {
    tools.iter().map(|tool| tool.name).chain(OWN.iter().map(|entry| entry.name))
}

/// All tools as one command, from which completions and the man page of `mly` are generated.
fn front(tools: &[ToolEntry]) -> Command {
    let about = "Tools for street-level pictures that pass rows from one to the next";
    let front = Command::new(NAME).about(about).version(env!("CARGO_PKG_VERSION"));
    names(tools).filter_map(|name| command_of(tools, name)).fold(front, Command::subcommand)
}

fn completions(tools: &[ToolEntry], shell: &str, folder: Option<&str>) -> ExitCode {
    let Ok(shell) = shell.parse::<clap_complete::Shell>() else {
        return wrong(&format!("no completions for '{shell}': there are {SHELLS}"));
    };
    let front = front(tools);
    match folder {
        Some(folder) => made(completions::write(tools, front, shell, Path::new(folder))),
        None => {
            let text = completions::text(tools, front, shell);
            told(String::from_utf8_lossy(&text).into_owned())
        }
    }
}

fn unknown(tools: &[ToolEntry], name: &str) -> ExitCode {
    let meant = nearest(name, names(tools));
    let meant = meant.map(|meant| format!("did you mean '{meant}'? ")).unwrap_or_default();
    wrong(&format!("no tool '{name}': {meant}'{NAME} help' lists all"))
}

fn wrong(text: &str) -> ExitCode {
    terminal::say(NAME, text);
    ExitCode::from(2)
}

fn told(text: String) -> ExitCode {
    terminal::ended(NAME, terminal::write_out(text.as_bytes(), &Stop::default()))
}

fn made(result: io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => wrong(&format!("cannot write there: {error}")),
    }
}
