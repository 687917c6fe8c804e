//! The flags of a group exactly as typed, to be forwarded to another tool with the same group.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, CommandFactory};

use super::command_line::{arguments, command, with_settings};
use super::config_file::ConfigFile;

/// The accepted command line of this process.
pub struct AcceptedArgs(ArgMatches);

impl AcceptedArgs {
    pub fn new<T: CommandFactory>() -> AcceptedArgs {
        let typed = with_settings::<T>(&ConfigFile::read(), arguments());
        let typed = typed.map_or_else(|_| arguments(), |(typed, _)| typed);
        AcceptedArgs(command::<T>().try_get_matches_from(typed).unwrap_or_default())
    }

    /// The flags of the group `G` that were typed, except those named in `but`.
    pub fn flags_of<G: Args>(&self, but: &[&str]) -> Vec<OsString> {
        let group = G::augment_args(Command::new("group"));
        let mut flags = Vec::new();
        for argument in group.get_arguments() {
            let id = argument.get_id().as_str();
            let Some(name) = argument.get_long() else { continue };
            if but.contains(&id) || !self.is_typed(id) {
                continue;
            }
            if argument.get_action().takes_values() {
                for value in self.0.get_raw(id).into_iter().flatten() {
                    flags.extend(flag(name, value.to_os_string()));
                }
            } else {
                flags.push(format!("--{name}").into());
            }
        }
        flags
    }

    fn is_typed(&self, id: &str) -> bool {
        let source = self.0.try_get_raw(id).ok().flatten().and_then(|_| self.0.value_source(id));
        source == Some(ValueSource::CommandLine)
    }
}

/// A flag and its value, as one argument where the value looks like a flag.
pub fn flag(name: &str, value: OsString) -> Vec<OsString> {
    let is_like_a_flag = value.as_encoded_bytes().starts_with(b"-");
    let mut flag = OsString::from(format!("--{name}"));
    if is_like_a_flag {
        flag.push("=");
        flag.push(value);
        return vec![flag];
    }
    vec![flag, value]
}
