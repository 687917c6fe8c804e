//! Texts of unknown origin in messages: shortened, and on one line.

use std::borrow::Cow;

use super::human_format::without_codes;
use super::secret_detection::without_tokens;

/// The maximum length in characters: enough to recognize a value.
const MOST: usize = 60;

/// A message for people, on stderr or in a row: without system error numbers, and without tokens.
pub fn message(text: &str) -> Cow<'_, str> {
    match without_codes(text) {
        Cow::Borrowed(text) => without_tokens(text),
        Cow::Owned(text) => Cow::Owned(without_tokens(&text).into_owned()),
    }
}

/// The text in quotes, shortened and without line ends.
pub fn quoted(text: &str) -> String {
    format!("'{}'", short(text))
}

/// The text, shortened and without line ends.
pub fn short(text: &str) -> String {
    cut(text, MOST)
}

/// The hint for a number with a decimal comma; empty for any other text. Several commas are thousands
/// separators, or a list, which cannot be distinguished.
pub fn decimal_comma(text: &str) -> String {
    let with_point = text.trim().replacen(',', ".", 1);
    let is_number = text.contains(',') && with_point.parse().is_ok_and(f64::is_finite);
    if is_number { format!(": write it with a point, {with_point}") } else { String::new() }
}

/// Names separated by commas; as many as fit into one line of a message.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut list = String::new();
    let mut names = names.into_iter();
    for name in names.by_ref() {
        if list.len() > 400 {
            return format!("{list}, and {} more", names.count() + 1);
        }
        list += if list.is_empty() { "" } else { ", " };
        list += &short(name);
    }
    list
}

/// The text up to this many characters, without line ends and other control characters.
pub fn cut(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for character in text.chars().take(most) {
        if is_invisible(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(most).is_some() {
        shown += "...";
    }
    shown
}

/// Whether a character changes how the text around it is shown: a control character, a line separator, or one that
/// turns the direction (UAX #9, 2.1 to 2.5), which can make another text of a message.
pub fn is_invisible(character: char) -> bool {
    let is_direction = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || is_direction || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
