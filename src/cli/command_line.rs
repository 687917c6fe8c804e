//! The command line of a tool: its command, its arguments, and the flags that the config file adds.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};

use crate::shape::FatalError;

use super::config_file::ConfigFile;
use super::multicall::Call;
use super::{
    distinct_files, flags, flags_from_config, multicall, partition_scope, retry_list,
    task_placeholder,
};

/// The command of a tool, with the text that ends every help.
pub fn command<T: CommandFactory>() -> Command {
    let command = T::command().version(env!("CARGO_PKG_VERSION")).max_term_width(100);
    let text = |text: Option<&StyledStr>| text.map(|it| format!("{it}\n\n")).unwrap_or_default();
    let (own, example) = (text(command.get_after_long_help()), text(command.get_after_help()));
    let scope = partition_scope::line(&command).map(|line| line + "\n\n").unwrap_or_default();
    with_profile(command.after_long_help(own + &scope + &example + flags::STATUS))
}

/// Adds `--profile`, which every tool has except those whose user profiles already have a flag of this name.
fn with_profile(command: Command) -> Command {
    if command.get_arguments().any(|argument| argument.get_long() == Some(PROFILE)) {
        return command;
    }
    let flag = Arg::new(CONFIG_PROFILE).long(PROFILE).value_name("NAME").global(true);
    let flag = flag.help("Use this profile of the config file [default: MAPILLARY_PIPES_PROFILE]");
    command.arg(flag.help_heading("Messages"))
}

const PROFILE: &str = "profile";

const CONFIG_PROFILE: &str = "config_profile";

pub(super) fn parse<T: clap::Parser>(arguments: Vec<OsString>) -> Result<T, clap::Error> {
    let raw =
        |what: String| clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, what + "\n");
    let file = ConfigFile::read();
    let (arguments, settings) =
        with_settings::<T>(&file, arguments).map_err(|fault| raw(fault.0))?;
    let arguments =
        task_placeholder::fill(command::<T>(), arguments).map_err(|what| raw(what.to_string()))?;
    let mut matches = command::<T>()
        .try_get_matches_from(arguments)
        .map_err(|error| flags_from_config::explain(error, &file, &settings))?;
    task_placeholder::check(&matches).map_err(|what| raw(what.to_string()))?;
    distinct_files::check(&matches).map_err(|what| raw(what.to_string()))?;
    retry_list::check(&mut matches).map_err(|what| raw(what.to_string()))?;
    T::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command::<T>()))
}

/// The arguments, preceded by the flags that the config file has for the tool.
pub(super) fn with_settings<T: CommandFactory>(
    file: &ConfigFile,
    mut arguments: Vec<OsString>,
) -> Result<(Vec<OsString>, Vec<flags_from_config::Setting>), FatalError> {
    let has_flag = command::<T>().get_arguments().any(|it| it.get_id() == CONFIG_PROFILE);
    // The commands that set or check the file must work with any file, and so must help.
    let is_help =
        |typed: &OsString| ["-h", "--help", "-V", "--version"].iter().any(|it| typed == it);
    let is_free = ["config", "doctor", "demo"].contains(&command::<T>().get_name());
    if arguments.iter().take_while(|typed| *typed != "--").any(is_help) {
        return Ok((arguments, Vec::new()));
    }
    if has_flag && !is_free {
        file.check_lines()?;
        file.check_sections()?;
        file.check_profile()?;
    }
    let settings = flags_from_config::of(file, &command::<T>(), &arguments)
        .map_err(|error| FatalError(format!("'{}': {error}", file.shown())))?;
    let at = arguments.len().min(1);
    arguments.splice(at..at, settings.iter().filter_map(|setting| setting.flag.clone()));
    Ok((arguments, settings))
}

/// The arguments, starting with the name of the tool: `mly download` is `download`.
pub(super) fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if multicall::call() == Some(Call::Front) && arguments.len() > 1 {
        arguments.remove(0);
    }
    arguments
}
