//! Flags for a tool from the config file. They come before those of the command line, which therefore take precedence.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, Command};

use crate::row::known_fields::nearest;
use crate::shape::FatalError;

use super::config_file::{self, ConfigFile};
use super::usage_error;

/// The section of flags for every tool that has them.
pub const ALL: &str = "tools";
/// Flags that cannot be set in the file.
const NEVER: [&str; 3] = ["help", "version", "profile"];

/// A flag set by the file.
#[derive(Debug, PartialEq)]
pub struct Setting {
    pub section: String,
    pub key: String,
    pub flag: Option<OsString>,
}

#[derive(Debug, thiserror::Error, PartialEq)]
pub enum Error {
    #[error("[{section}] has '{key}', and {tool} has no flag of this name{meant}")]
    Unknown { section: String, key: String, tool: String, meant: String },
    #[error("[{section}] {key} = {value}: --{key} is set by true or false")]
    NoChoice { section: String, key: String, value: String },
}

/// The settings for a tool that its command line does not override.
pub fn of(file: &ConfigFile, tool: &Command, typed: &[OsString]) -> Result<Vec<Setting>, Error> {
    let name = tool.get_name().to_string();
    let mut values: BTreeMap<String, (String, String)> = BTreeMap::new();
    let sections = [ALL, &name].map(|section| file.sections(section)).concat();
    for section in &sections {
        for (_, key, value) in file.entries().into_iter().filter(|(it, ..)| it == section) {
            values.insert(key.replace('_', "-"), (section.clone(), value));
        }
    }
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let matches = tool.clone().ignore_errors(true).try_get_matches_from(typed).unwrap_or_default();
    let is_typed = |id: &str| {
        let there = matches.try_contains_id(id).unwrap_or_default();
        there && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let mut settings = Vec::new();
    for (key, (section, value)) in values {
        match argument(tool, &key) {
            Some(argument) if is_typed(argument.get_id().as_str()) => {}
            Some(argument) => settings.push(setting(argument, section, key, value)?),
            // Not every tool has all flags.
            None if section.split(' ').next_back() == Some(ALL) => {}
            None => return Err(unknown(tool, section, key)),
        }
    }
    Ok(settings)
}

fn unknown(tool: &Command, section: String, key: String) -> Error {
    let names = tool.get_arguments().filter_map(Arg::get_long);
    let meant = nearest(&key, names).map(|name| format!(": did you mean '{name}'?"));
    Error::Unknown { section, key, tool: tool.get_name().into(), meant: meant.unwrap_or_default() }
}

/// The argument that a key sets.
pub fn argument<'a>(tool: &'a Command, key: &str) -> Option<&'a Arg> {
    let is_it = |argument: &&Arg| argument.get_long() == Some(key) && !NEVER.contains(&key);
    tool.get_arguments().find(is_it)
}

fn setting(argument: &Arg, section: String, key: String, value: String) -> Result<Setting, Error> {
    let flag = if argument.get_action().takes_values() {
        Some(format!("--{key}={}", config_file::with_home(&value)))
    } else {
        match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(format!("--{key}")),
            "false" | "no" | "off" | "0" => None,
            _ => return Err(Error::NoChoice { section, key, value }),
        }
    };
    Ok(Setting { section, key, flag: flag.map(OsString::from) })
}

/// The error, with the file, section and key of the value that caused it, if it came from the file.
pub fn explain(error: clap::Error, file: &ConfigFile, settings: &[Setting]) -> clap::Error {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let is_it = |setting: &&Setting| {
        let flag = format!("--{}", setting.key);
        argument.split([' ', '=']).next() == Some(&flag)
    };
    let Some(setting) = settings.iter().find(is_it) else { return error };
    let Setting { section, key, .. } = setting;
    let has_sign =
        |value: &ContextValue| matches!(value, ContextValue::String(text) if text.contains(" #"));
    let is_commented = error.get(ContextKind::InvalidValue).is_some_and(has_sign);
    let way = if is_commented { "; a comment after a value begins with ' ;'" } else { "" };
    let what = usage_error::first_line(&error);
    let text = format!("'{}': [{section}] {key}: {what}{way}\n", file.shown());
    clap::Error::raw(error.kind(), text)
}

/// Checks that a tool accepts a value for its flag.
pub fn check(tool: &Command, key: &str, value: &str) -> Result<(), FatalError> {
    let Some(argument) = argument(tool, key) else { return Ok(()) };
    let own = setting(argument, tool.get_name().into(), key.into(), value.into());
    let flag = own.map_err(FatalError::new)?.flag;
    let words = [Some(OsString::from(tool.get_name())), flag].into_iter().flatten();
    let Err(error) = tool.clone().try_get_matches_from(words) else { return Ok(()) };
    // Other missing arguments of the tool do not matter here.
    let is_of_value = matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(_)));
    if is_of_value { Err(FatalError(usage_error::first_line(&error))) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
