//! `mly doctor`: whether all that the tools need is there, and how to mend what is not.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde_json::{Value, json};

use crate::disk::free_space;
use crate::run::Stop;
use crate::service::proxy::Proxies;
use crate::service::{Client, ClientSettings, Error, Token};
use crate::value::human_format::bytes;
use crate::value::shown::message;

use super::config::{GRAPH, TILES, TOKEN};
use super::config_file::ConfigFile;
use super::tool_entry::ToolEntry;
use super::{NAME, config_command, config_sections, parse, shown, terminal};

/// Check the token, the network, the clock, the disk, the config file and the programs that some jobs need.
///
/// Prints a line for each, and how to mend what is wrong. The status is 1 if anything is.
#[derive(Parser)]
#[command(
    name = "doctor",
    bin_name = "mly doctor",
    after_help = "Example: mly doctor --offline",
    after_long_help = "Asks the service one question for the token and one for a tile, without retries."
)]
pub struct Flags {
    /// Ask nobody: check only what is on this machine.
    #[arg(long)]
    offline: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    /// Something that only some jobs need.
    Note,
    Wrong,
}

struct Check {
    name: &'static str,
    state: State,
    text: String,
    /// How to mend it.
    mend: Option<String>,
}

/// A clock that is further off dates requests and links wrongly.
const MOST_CLOCK_OFFSET_S: i64 = 120;
/// As much as --min-free keeps free.
const LITTLE_ROOM: u64 = 1_000_000_000;
const PATIENCE: Duration = Duration::from_secs(15);
const HOW_TO_TOKEN: &str = "get a client token at https://www.mapillary.com/dashboard/developers, then: mly config set access_token";

/// Programs that scripts and examples call, and what for.
const PROGRAMS: [(&str, &str); 3] = [
    ("ia", "the upload to archive.org that ia-meta writes; pip install internetarchive"),
    ("make", "examples/archive.mk and examples/Makefile; apt install make"),
    ("exiftool", "scripts that compare tags; apt install libimage-exiftool-perl"),
];

pub fn main(tools: &[ToolEntry]) -> ExitCode {
    let name = format!("{NAME} doctor");
    let flags = match parse::<Flags>(super::arguments()) {
        Ok(flags) => flags,
        Err(error) => return shown(&name, &error),
    };
    let checks = checks(tools, flags.offline);
    let text = if flags.json { as_json(&checks) } else { as_text(&checks) };
    let ended = terminal::ended(&name, terminal::write_out(text.as_bytes(), &Stop::default()));
    let is_wrong = checks.iter().any(|check| check.state == State::Wrong);
    if ended == ExitCode::SUCCESS && is_wrong { ExitCode::from(1) } else { ended }
}

fn checks(tools: &[ToolEntry], is_offline: bool) -> Vec<Check> {
    let file = ConfigFile::read();
    let mut checks = vec![config(&file, tools)];
    checks.extend(privacy(&file));
    let (token, check) = token(&file);
    checks.push(check);
    checks.extend(proxies());
    if !is_offline {
        checks.extend(service(&file, token));
    }
    checks.push(disk());
    checks.extend(PROGRAMS.map(|(program, what)| installed(program, what)));
    checks
}

fn good(name: &'static str, text: impl Into<String>) -> Check {
    Check { name, state: State::Good, text: text.into(), mend: None }
}

fn wrong(name: &'static str, text: impl Into<String>, mend: impl Into<String>) -> Check {
    let text = message(&text.into()).into_owned();
    Check { name, state: State::Wrong, text, mend: Some(mend.into()) }
}

/// The file, its sections and its keys.
fn config(file: &ConfigFile, tools: &[ToolEntry]) -> Check {
    let name = "config";
    let Some(path) = &file.path else {
        return wrong(name, "no place for a config file", "set HOME or XDG_CONFIG_HOME");
    };
    let shown = path.display();
    let fault = file.fault.clone().or(file.check_lines().err()).or(file.check_sections().err());
    if let Some(fault) = fault {
        return wrong(name, &*fault.0, format!("mend '{shown}' with an editor"));
    }
    if let Err(fault) = file.check_profile() {
        return wrong(name, &*fault.0, "add the profile, or choose another one");
    }
    for (section, key, value) in file.entries() {
        let tool = config_sections::base(&section);
        if let Err(what) = config_command::check(tools, tool, &key, &value) {
            let what = format!("'{shown}': [{section}]: {}", what.0);
            return wrong(name, what, "take the line out, or mend it");
        }
    }
    let is_there = path.exists();
    good(name, if is_there { format!("'{shown}'") } else { format!("none at '{shown}': defaults") })
}

/// Whether others can read the token in the file.
#[cfg(unix)]
fn privacy(file: &ConfigFile) -> Option<Check> {
    use std::os::unix::fs::PermissionsExt;
    let path = file.path.as_ref()?;
    let is_token = |key: &str, value: &str| key == TOKEN.name && !value.is_empty();
    let has_token = file.entries().iter().any(|(_, key, value)| is_token(key, value));
    let mode = path.metadata().ok()?.permissions().mode();
    let text = format!("others can read the token in '{}'", path.display());
    let mend = format!("chmod 600 '{}'", path.display());
    (has_token && mode & 0o077 != 0).then(|| wrong("privacy", text, mend))
}

#[cfg(not(unix))]
fn privacy(_: &ConfigFile) -> Option<Check> {
    None
}

fn token(file: &ConfigFile) -> (Option<Token>, Check) {
    let name = "token";
    let Some((text, origin)) = TOKEN.value(file) else {
        return (None, wrong(name, "there is none", HOW_TO_TOKEN));
    };
    match Token::new(&text) {
        Err(error) => (None, wrong(name, error.message, HOW_TO_TOKEN)),
        Ok(token) => {
            let kind = if text.trim().starts_with("MLY|") { "a client token" } else { "a token" };
            (
                Some(token),
                good(name, format!("{kind}, from {}", super::config_command::words(&origin))),
            )
        }
    }
}

fn proxies() -> Option<Check> {
    let fault = Proxies::from_variables(|name| std::env::var(name).ok()).err()?;
    Some(wrong("proxy", fault.to_string(), "mend the variable, or unset it"))
}

/// What the service answers, and with it the network and the clock.
fn service(file: &ConfigFile, token: Option<Token>) -> Vec<Check> {
    let mut settings =
        ClientSettings { token, retries: 0, timeout: PATIENCE, ..ClientSettings::default() };
    let graph = GRAPH.value(file).map(|(text, _)| text);
    let tiles = TILES.value(file).map(|(text, _)| text);
    settings.graph = graph.unwrap_or(settings.graph);
    settings.tiles = tiles.unwrap_or(settings.tiles);
    settings.proxies = Proxies::from_variables(|name| std::env::var(name).ok()).unwrap_or_default();
    let (graph, tiles) = (settings.graph.clone(), settings.tiles.clone());
    let client = match Client::new(settings, Stop::default().0) {
        Ok(client) => client,
        Err(error) => {
            return vec![wrong("network", error.message, "mend the address in the config")];
        }
    };
    let network = "see that this machine reaches the address, and whether a proxy is wanted";
    let asked = |name, address: &str, answer: Result<(), Error>| match answer {
        Ok(()) => good(name, format!("'{address}' answers")),
        Err(error) if error.message.contains("token") => wrong(name, error.message, HOW_TO_TOKEN),
        Err(error) => wrong(name, error.message, network),
    };
    // A sequence that nobody has is an empty list.
    let ids = client.image_ids("doctor").map(|_| ());
    let mut checks = vec![asked("service", &graph, ids)];
    let tile = client.tile("mly1_public", 14, 0, 0).map(|_| ());
    checks.push(asked("tiles", &tiles, tile));
    checks.extend(client.counts().clock_offset_s().map(clock));
    checks
}

fn clock(offset_s: i64) -> Check {
    if offset_s.abs() <= MOST_CLOCK_OFFSET_S {
        return good("clock", "agrees with that of the service");
    }
    let side = if offset_s > 0 { "ahead of" } else { "behind" };
    let text = format!("{} s {side} that of the service", offset_s.abs());
    wrong(
        "clock",
        text,
        "set it, by timedatectl set-ntp true or by hand: links seem expired, or good for ever",
    )
}

fn disk() -> Check {
    let name = "disk";
    if let Err(error) = tempfile::tempfile_in(".") {
        return wrong(name, format!("cannot write in this folder: {error}"), "go to another one");
    }
    match free_space::free_bytes(Path::new(".")) {
        Ok(Some(free)) if free < LITTLE_ROOM => wrong(
            name,
            format!("only {} free here", bytes(free)),
            "make room, or lower --min-free: downloads stop before 1 GB is left",
        ),
        Ok(Some(free)) => good(name, format!("{} free here", bytes(free))),
        Ok(None) => good(name, "this system does not report free disk space"),
        Err(error) => wrong(name, format!("cannot use this folder: {error}"), "go to another one"),
    }
}

fn installed(program: &'static str, what: &str) -> Check {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    match std::env::split_paths(&paths).map(|folder| folder.join(&name)).find(|path| path.is_file())
    {
        Some(path) => good(program, format!("'{}'", path.display())),
        None => {
            let text = "not installed: only some jobs need it".to_string();
            Check { name: program, state: State::Note, text, mend: Some(format!("for {what}")) }
        }
    }
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Good => "ok",
            State::Note => "note",
            State::Wrong => "wrong",
        }
    }
}

fn as_text(checks: &[Check]) -> String {
    let line = |check: &Check| {
        let mend = check.mend.as_ref().map(|mend| format!("\n{:17}-> {mend}", ""));
        format!(
            "{:6} {:9} {}{}\n",
            check.state.word(),
            check.name,
            check.text,
            mend.unwrap_or_default()
        )
    };
    checks.iter().map(line).collect()
}

fn as_json(checks: &[Check]) -> String {
    let object = |check: &Check| json!({"check": check.name, "state": check.state.word(), "text": check.text, "mend": check.mend});
    format!("{:#}\n", checks.iter().map(object).collect::<Value>())
}
