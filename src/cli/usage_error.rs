//! Turns clap's error about an invalid command line into a message in the format of the tools.

use clap::error::{ContextKind, ContextValue};

/// Messages of parsers, and what they mean to the user who typed the value.
const UNREADABLE: [(&str, &str); 4] = [
    ("invalid digit found in string", "not a whole number"),
    ("cannot parse integer from empty string", "not a whole number"),
    ("invalid float literal", "not a number"),
    ("cannot parse float from empty string", "not a number"),
];

/// The error message for the command line. Like every message, it begins with the name of the tool.
pub fn refusal(name: &str, error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let text = UNREADABLE.iter().fold(text.to_string(), |text, (old, new)| text.replace(old, new));
    let text = range_in_words(&text).unwrap_or(text);
    format!("{name}: {}", once(&with_unit(text, error), error))
}

/// Rewrites a range in words: clap writes `0 is not in 1..18446744073709551615`.
fn range_in_words(text: &str) -> Option<String> {
    let (before, rest) = text.split_once(" is not in ")?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && !"-.=".contains(c)).unwrap_or(rest.len());
    let (least, most) = rest[..end].split_once("..")?;
    let most = most.trim_start_matches('=');
    let number = before.rsplit(' ').next()?;
    let before = before.strip_suffix(number)?;
    // The maximum of an integer type is not a limit that anybody set.
    let greatest = [u64::from(u32::MAX), i64::MAX as u64, u64::MAX].map(|most| most.to_string());
    let is_open = most.is_empty() || greatest.iter().any(|it| it == most);
    let range =
        if is_open { format!("{least} or more") } else { format!("from {least} to {most}") };
    Some(format!("{before}not {range}{}", &rest[end..]))
}

/// The unit of a flag's number, by the name of its value in the help.
const UNITS: [(&str, &str); 9] = [
    ("S", "seconds, such as 60"),
    ("SECONDS", "seconds, such as 60"),
    ("HOURS", "hours, such as 24"),
    ("M", "metres, such as 50"),
    ("M/S", "metres per second, such as 30"),
    ("KMH", "kilometres per hour, such as 120"),
    ("DEG", "degrees, such as 90"),
    ("N", "a number such as 8"),
    ("ZOOM", "a level of the map, such as 10"),
];

/// Adds the unit where a value is not a number.
fn with_unit(text: String, error: &clap::Error) -> String {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else {
        return text;
    };
    let name =
        argument.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(name, _)| name);
    let unit = name.and_then(|name| UNITS.iter().find(|(known, _)| *known == name));
    let Some((_, unit)) = unit else { return text };
    ["not a whole number", "not a number"].iter().fold(text, |text, what| {
        text.replacen(&format!("{what}\n"), &format!("{what}: {unit}\n"), 1)
    })
}

/// Removes the repeated value where the reason names it too.
fn once(text: &str, error: &clap::Error) -> String {
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return text.into();
    };
    let named = format!("': '{value}' ");
    text.replace(&format!("{named}is not "), "': not ").replace(&named, "': it ")
}

/// The error and the possible values on one line, without usage and tips.
pub fn first_line(error: &clap::Error) -> String {
    let text = refusal("", error);
    let mut lines = text.trim_start_matches(": ").lines();
    let first = lines.next().unwrap_or_default();
    let words = lines.next().and_then(|line| line.trim().strip_prefix("[possible values: "));
    match words.and_then(|words| words.strip_suffix(']')) {
        Some(words) => format!("{first}; there are {words}"),
        None => first.to_string(),
    }
}

#[cfg(test)]
mod tests;
