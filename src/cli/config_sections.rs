//! The valid sections of a config file, and the keys of `[mapillary]`: a misspelt one would be ignored silently.

use crate::row::known_fields::nearest;
use crate::shape::FatalError;

use super::config::{KEYS, SECTION};
use super::tool_descriptor::{NAMES, OF_FRONT};
use super::{NAME, flags_from_config};

/// The section name without its profile: `[profile work download]` is `download`.
pub fn base(section: &str) -> &str {
    match section.strip_prefix("profile ") {
        Some(rest) => rest.split_once(' ').map_or(SECTION, |(_, tool)| tool),
        None => section,
    }
}

/// # Errors
/// More than one blank between words: such a section would not be found.
pub fn check_blanks(section: &str) -> Result<(), FatalError> {
    let words: Vec<&str> = section.split_whitespace().collect();
    if words.join(" ") == section {
        return Ok(());
    }
    Err(FatalError(format!("write [{}], with one blank between words", words.join(" "))))
}

/// Checks that a section (without its profile) and a key exist. Keys of tools are known to the tools alone.
///
/// # Errors
/// A message that suggests the nearest section or key.
pub fn check(section: &str, key: &str) -> Result<(), FatalError> {
    if section == SECTION {
        let names = || KEYS.iter().map(|key| key.name);
        return if names().any(|name| name == key) { Ok(()) } else { Err(no_key(key, names())) };
    }
    let all = || NAMES.into_iter().chain(OF_FRONT);
    if section == flags_from_config::ALL || all().any(|name| name == section) {
        return Ok(());
    }
    let way = match nearest(section, all().chain([SECTION, flags_from_config::ALL])) {
        Some(name) => format!("did you mean '{name}'?"),
        None if section == "profile" => "a profile has a name, as in [profile work]".into(),
        None => format!("'{NAME} help' lists all"),
    };
    Err(FatalError(format!("no tool '{section}': {way}")))
}

fn no_key<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> FatalError {
    let names: Vec<&str> = names.collect();
    FatalError(match nearest(key, names.iter().copied()) {
        Some(name) => format!("no key '{key}': did you mean '{name}'?"),
        None => format!(
            "no key '{key}': there are {}, and TOOL.FLAG, such as download.jobs",
            names.join(", ")
        ),
    })
}

#[cfg(test)]
mod tests;
