//! `mly config`: shows each setting and its source, sets it, or removes it.

mod list;

use std::io::{IsTerminal, Read, stdin};
use std::process::ExitCode;

use clap::{Arg, Command, Parser, Subcommand};

use crate::row::known_fields::nearest;
use crate::run::Stop;
use crate::service::Token;
use crate::shape::FatalError;

use super::config::{self, TOKEN};
use super::config_file::{ConfigFile, profile, section_of};
use super::config_sections;
use super::tool_descriptor::{ToolEntry, tool};
use super::{NAME, command, demo, flags_from_config, pace_command, parse, shown, terminal};
use list::list;
pub use list::words;

/// Show what is set and where it comes from, set it, or unset it.
///
/// What a flag says wins over the environment, that over the file, and within the file a profile over the rest. Any
/// flag of a tool can be set for good: 'mly config set download.jobs 16'; 'tools.rate' is for every tool that has the
/// flag.
#[derive(Parser)]
#[command(
    name = "config",
    bin_name = "mly config",
    after_help = "Example: mly config set download.jobs 16",
    after_long_help = "The token is read from standard input, or asked for on a terminal: 'mly config set access_token'. \
The file is $XDG_CONFIG_HOME/mapillary-pipes/config.ini, or ~/.config/mapillary-pipes/config.ini, and only its owner can \
read it once it was written here."
)]
pub struct Flags {
    #[command(subcommand)]
    action: Option<Action>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Action {
    /// Set a value in the file, in the section of the profile if one is given.
    Set {
        /// access_token, graph_api_endpoint, tiles_endpoint, internet_archive_endpoint, or TOOL.FLAG.
        key: String,
        /// The value; that of access_token comes from standard input.
        value: Option<String>,
    },
    /// Take a value out of the file, so that the environment or the default holds again.
    Unset {
        /// As for set.
        key: String,
    },
}

pub fn main(tools: &[ToolEntry]) -> ExitCode {
    let name = format!("{NAME} config");
    let flags = match parse::<Flags>(super::arguments()) {
        Ok(flags) => flags,
        Err(error) => return shown(&name, &error),
    };
    let text = match &flags.action {
        Some(Action::Set { key, value }) => set(tools, key, value.as_deref()),
        Some(Action::Unset { key }) => unset(key),
        None => Ok(list(flags.json)),
    };
    match text {
        Ok(text) => terminal::ended(&name, terminal::write_out(text.as_bytes(), &Stop::default())),
        Err(fault) => {
            terminal::say(&name, &fault.0);
            ExitCode::from(2)
        }
    }
}

fn set(tools: &[ToolEntry], key: &str, value: Option<&str>) -> Result<String, FatalError> {
    let (section, key) = key.split_once('.').unwrap_or((config::SECTION, key));
    let value = match (key == TOKEN.name && section == config::SECTION, value) {
        (true, Some(_)) => {
            return Err(FatalError(
                "anybody can read the arguments of a process: give the token on standard input"
                    .into(),
            ));
        }
        (true, None) => token()?,
        (false, Some(value)) => value.trim().to_string(),
        (false, None) => return Err(FatalError(format!("{key}: give a value to set"))),
    };
    check(tools, section, key, &value)?;
    if let Some(name) = profile().filter(|name| name.contains(char::is_whitespace)) {
        return Err(FatalError(format!("'{name}' cannot name a profile: it has a blank")));
    }
    let mut file = ConfigFile::read();
    let section = section_of(profile().as_deref(), section);
    let path = file.set(&section, key, &value)?;
    let is_hidden = config::KEYS.iter().find(|it| it.name == key);
    let overruled = is_hidden.filter(|key| std::env::var_os(key.variable).is_some());
    let note = overruled.map(|key| format!("; {} is set and wins over it", key.variable));
    Ok(format!("{key} is set in '{}', [{section}]{}\n", path.display(), note.unwrap_or_default()))
}

/// Removes a key, even one that no tool knows any more.
fn unset(key: &str) -> Result<String, FatalError> {
    let (section, key) = key.split_once('.').unwrap_or((config::SECTION, key));
    let section = section_of(profile().as_deref(), section);
    let mut file = ConfigFile::read();
    let mut taken_from = None;
    // Flags are accepted in both spellings.
    for spelling in [key.to_string(), key.replace('_', "-"), key.replace('-', "_")] {
        taken_from = file.unset(&section, &spelling)?.or(taken_from);
    }
    let Some(path) = taken_from else {
        return Err(FatalError(format!("{key} is not set in '{}', [{section}]", file.shown())));
    };
    Ok(format!("{key} is no longer set in '{}', [{section}]\n", path.display()))
}

/// Reads the token from a hidden prompt, or from a pipe.
fn token() -> Result<String, FatalError> {
    let mut text = String::new();
    if stdin().is_terminal() {
        text = super::ask_token::hidden(&format!("{NAME} config: token (it is not shown): "))?;
    } else {
        let read = stdin().lock().take(4096).read_to_string(&mut text);
        read.map_err(|error| FatalError(format!("cannot read standard input: {error}")))?;
    }
    Token::new(&text).map_err(FatalError::new)?;
    Ok(text.trim().to_string())
}

/// Checks that the key exists and that its tool accepts the value.
pub(super) fn check(
    tools: &[ToolEntry],
    section: &str,
    key: &str,
    value: &str,
) -> Result<(), FatalError> {
    if value.contains(['\n', '\r']) {
        return Err(FatalError(format!("{key}: a value is one line")));
    }
    config_sections::check(section, key)?;
    if let Some(known) = config::KEYS.iter().find(|it| section == config::SECTION && it.name == key)
    {
        return if value.is_empty() { Ok(()) } else { known.check(value) };
    }
    let flag = key.replace('_', "-");
    let commands: Vec<Command> = match command_of(tools, section) {
        Some(command) => vec![command],
        None => tools.iter().map(|tool| (tool.command)()).collect(),
    };
    let mut there =
        commands.iter().filter(|command| flags_from_config::argument(command, &flag).is_some());
    let Some(command) = there.next() else {
        let names = commands.iter().flat_map(Command::get_arguments).filter_map(Arg::get_long);
        let flag = flag.trim_start_matches('-');
        let meant = nearest(flag, names).map(|name| format!(": did you mean '{name}'?"));
        let meant = meant.unwrap_or_default();
        return Err(FatalError(format!("{section} has no flag '--{flag}'{meant}")));
    };
    flags_from_config::check(command, &flag, value)
}

/// The command whose flags a section holds; `None` for the section of all tools.
fn command_of(tools: &[ToolEntry], section: &str) -> Option<Command> {
    match section {
        "demo" => Some(command::<demo::Flags>()),
        "pace" => Some(command::<pace_command::Flags>()),
        _ => tool(tools, section).map(|tool| (tool.command)()),
    }
}
