//! `mly doctor`: checks that everything the tools need is present, and says how to fix what is not.

mod check;
mod machine;
mod service;

use std::process::ExitCode;

use clap::Parser;

use crate::run::Stop;

use super::config::TOKEN;
use super::config_file::ConfigFile;
use super::tool_descriptor::ToolEntry;
use super::{NAME, config_command, config_sections, parse, shown, terminal};
use check::{Check, State, as_json, as_text, good, wrong};

use service::{proxies, service, token};

use machine::{PROGRAMS, disk, installed};

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

/// Checks the config file: its sections, profile, keys and values.
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

/// Reports a token in a config file that other users can access.
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
