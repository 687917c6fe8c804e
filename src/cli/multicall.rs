//! The front command: all tools under one name, their man pages and
//! completions made from the flags themselves.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::Command;

use crate::disk::atomic_file;
use crate::row::names::nearest;
use crate::run::Stop;

use super::{NAME, command, demo, terminal};

const SHELLS: &str = "bash, zsh, fish, elvish, powershell";

/// A tool as the front command knows it.
pub struct ToolEntry {
    /// What it is for: the heading under which it is listed.
    pub job: &'static str,
    pub name: &'static str,
    pub command: fn() -> Command,
    pub main: fn() -> ExitCode,
}

/// What only the front command has: no link has its name.
const OWN: &[ToolEntry] = &[ToolEntry {
    job: "This program",
    name: "demo",
    command: command::<demo::Flags>,
    main: demo::main,
}];

/// Runs the tool that the first argument names, or does what only the front
/// command can: list, make man pages, make completions.
///
/// A link to it that has the name of a tool is that tool.
pub fn main(tools: &[ToolEntry]) -> ExitCode {
    if let Some(tool) = called().and_then(|name| tool(tools, &name)) {
        return (tool.main)();
    }
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "-h" | "--help"] => told(list(tools)),
        ["-V" | "--version"] => told(format!("{NAME} {}\n", env!("CARGO_PKG_VERSION"))),
        ["help", name, ..] => match entry(tools, name) {
            Some(entry) => told((entry.command)().render_long_help().to_string()),
            None => unknown(tools, name),
        },
        ["man", folder] => made(pages(tools, Path::new(folder))),
        ["completions", shell] => completions(tools, shell),
        ["completions"] => wrong(&format!("completions for which shell? There are {SHELLS}")),
        ["man"] => wrong("into which folder? Usage: mly man FOLDER"),
        [name, ..] => match entry(tools, name) {
            Some(entry) => (entry.main)(),
            None => unknown(tools, name),
        },
    }
}

/// The name by which this program was started.
fn called() -> Option<String> {
    let first = std::env::args_os().next()?;
    Some(Path::new(&first).file_stem()?.to_string_lossy().into_owned())
}

fn tool<'a>(tools: &'a [ToolEntry], name: &str) -> Option<&'a ToolEntry> {
    tools.iter().find(|tool| tool.name == name)
}

/// A tool, or what only the front command has.
fn entry<'a>(tools: &'a [ToolEntry], name: &str) -> Option<&'a ToolEntry> {
    tool(tools, name).or_else(|| tool(OWN, name))
}

fn list(tools: &[ToolEntry]) -> String {
    let mut text = format!(
        "Tools for street-level pictures that pass rows from one to the next.\n\n\
         Usage: {NAME} TOOL [FLAGS], {NAME} help TOOL, {NAME} man FOLDER, {NAME} completions SHELL\n\n"
    );
    let mut job = "";
    for tool in tools.iter().chain(OWN) {
        if tool.job != job {
            text += &format!("{}{}:\n", if job.is_empty() { "" } else { "\n" }, tool.job);
            job = tool.job;
        }
        let about = (tool.command)().get_about().map(|about| about.to_string()).unwrap_or_default();
        text += &format!("  {:16} {about}\n", tool.name);
    }
    text
}

fn pages(tools: &[ToolEntry], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for tool in tools {
        let mut page = Vec::new();
        clap_mangen::Man::new((tool.command)()).render(&mut page)?;
        atomic_file::write(&folder.join(format!("{}.1", tool.name)), &page)?;
    }
    Ok(())
}

fn completions(tools: &[ToolEntry], shell: &str) -> ExitCode {
    let Ok(shell) = shell.parse::<clap_complete::Shell>() else {
        return wrong(&format!("no completions for '{shell}': there are {SHELLS}"));
    };
    let mut all = Command::new(NAME);
    for tool in tools.iter().chain(OWN) {
        all = all.subcommand((tool.command)());
    }
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut all, NAME, &mut text);
    for tool in tools {
        clap_complete::generate(shell, &mut (tool.command)(), tool.name, &mut text);
    }
    told(String::from_utf8_lossy(&text).into_owned())
}

fn unknown(tools: &[ToolEntry], name: &str) -> ExitCode {
    let meant = nearest(name, tools.iter().chain(OWN).map(|tool| tool.name));
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
        Err(error) => wrong(&format!("cannot write the pages: {error}")),
    }
}
