//! Generates shell completions from the flag definitions: one script for all tools, or a file for each, as shells look
//! them up by name.

use std::fs;
use std::io;
use std::path::Path;

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Command, ValueHint, value_parser};
use clap_complete::{Generator, Shell, generate};

use super::NAME;
use super::tool_descriptor::ToolEntry;
use super::written_file::WrittenFile;
use crate::disk::atomic_file;
use crate::row::known_fields::TABLE;
use crate::serve::InjectedFault;
use crate::stage::get_meta;

/// One script for all tools, to be read when a shell starts.
pub fn text(tools: &[ToolEntry], front: Command, shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    generate(shell, &mut suggesting(front), NAME, &mut text);
    for tool in tools.iter().filter(|tool| tool.has_own_name()) {
        text.extend(completion((tool.command)(), tool.name, shell));
    }
    text
}

/// Writes a file for each tool and one for the `mly` command, each under the name by which the shell looks it up.
pub fn write(tools: &[ToolEntry], front: Command, shell: Shell, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let put = |command: Command, name: &str| {
        // bash looks the file up by the bare name, without an extension.
        let file = match shell {
            Shell::Bash => name.to_string(),
            Shell::Zsh => shell.file_name(&function(name)),
            _ => shell.file_name(name),
        };
        atomic_file::write(&folder.join(file), &completion(command, name, shell))
    };
    put(front, NAME)?;
    let mut named = tools.iter().filter(|tool| tool.has_own_name());
    named.try_for_each(|tool| put((tool.command)(), tool.name))
}

fn completion(command: Command, name: &str, shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    if shell != Shell::Zsh {
        generate(shell, &mut suggesting(command), name, &mut text);
        return text;
    }
    let own = function(name);
    generate(shell, &mut suggesting(command), &own, &mut text);
    let text = String::from_utf8_lossy(&text);
    let text = text.replacen(&format!("#compdef {own}"), &format!("#compdef {name}"), 1);
    text.replace(&format!("compdef _{own} {own}"), &format!("compdef _{own} {name}")).into_bytes()
}

/// The name for the zsh function and its file: zsh has a `_describe` of its own, which every completion calls.
fn function(tool: &str) -> String {
    if tool == NAME { NAME.into() } else { format!("{NAME}-{tool}") }
}

/// The command with values suggested also for flags that take any text. Not for parsing arguments.
fn suggesting(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let written = ValueParser::new(value_parser!(WrittenFile));
        let is_path = arg.get_value_parser().type_id() == written.type_id();
        let arg = if is_path { arg.value_hint(ValueHint::AnyPath) } else { arg };
        let mut words = suggested(arg.get_id().as_str());
        if words.is_empty() {
            return arg;
        }
        words.extend(
            arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()),
        );
        arg.value_parser(PossibleValuesParser::new(words))
    });
    let names: Vec<String> =
        command.get_subcommands().map(|it| it.get_name().to_string()).collect();
    names.iter().fold(command, |command, name| command.mut_subcommand(name, suggesting))
}

fn suggested(flag: &str) -> Vec<String> {
    let words = |words: &[&str]| -> Vec<String> { words.iter().map(ToString::to_string).collect() };
    match flag {
        "columns" => TABLE.iter().map(|entry| entry.flat.to_string()).collect(),
        "fields" => words(&["standard", "all"])
            .into_iter()
            .chain(get_meta::every().map(String::from))
            .collect(),
        "camera_type" => words(&["perspective", "fisheye", "equirectangular", "spherical"]),
        "layout" => words(&["flat", "sequence", "date"]),
        "fault" => InjectedFault::ALL.iter().map(|fault| format!("{}=", fault.word())).collect(),
        "zone" | "track_zone" => words(&["auto", "position"])
            .into_iter()
            .chain(chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().to_string()))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
