//! Formats numbers for people.

use std::borrow::Cow;

/// 1234567 as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and what it counts, given in the plural: `1 page`, `2,000 pages`, `1 repeat dropped`.
pub fn counted(number: u64, plural: &str) -> String {
    let (noun, rest) = plural.split_at(plural.find(' ').unwrap_or(plural.len()));
    let one = match noun {
        _ if number != 1 => None,
        noun if noun.ends_with("ies") => Some(format!("{}y", &noun[..noun.len() - 3])),
        noun if ["ches", "xes", "sses"].iter().any(|end| noun.ends_with(end)) => {
            Some(noun[..noun.len() - 2].to_string())
        }
        noun => noun.strip_suffix('s').map(String::from),
    };
    format!("{} {}{rest}", grouped(number), one.as_deref().unwrap_or(noun))
}

/// A number of bytes in a suitable decimal unit: `1.5 MB`.
pub fn bytes(number: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let power = (number.max(1).ilog10() / 3).min(5);
    let scaled = number as f64 / 1000f64.powi(power as i32);
    let digits = usize::from(power > 0 && scaled < 10.0);
    format!("{scaled:.digits$} {}", units[power as usize])
}

/// A duration in its two largest units: `14 min`, `2 h 15 min`, `7,168 days`.
pub fn span(ms: u64) -> String {
    let seconds = ms / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let rest = |number: u64, unit: &str| {
        if number == 0 { String::new() } else { format!(" {number} {unit}") }
    };
    match (days, hours, minutes) {
        (2.., ..) => format!("{} days", grouped(days)),
        (_, 1.., _) => format!("{hours} h{}", rest(minutes % 60, "min")),
        (_, _, 1..) => format!("{minutes} min{}", rest(seconds % 60, "s")),
        _ => format!("{seconds} s"),
    }
}

/// A message without system error numbers, such as ` (os error 2)`, because the text in front of them says the
/// same.
pub fn without_codes(text: &str) -> Cow<'_, str> {
    const START: &str = " (os error ";
    let mut short = Cow::Borrowed(text);
    while let Some(at) = short.find(START) {
        let rest = &short[at + START.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || !rest[digits..].starts_with(')') {
            break;
        }
        let end = at + START.len() + digits + 1;
        short.to_mut().replace_range(at..end, "");
    }
    short
}

#[cfg(test)]
mod tests;
