//! Shared by the JSON track formats. Values are read one by one, without building a tree of the whole file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::point::Time;
use super::scalars;
use crate::format::Malformed;
use crate::value::geo::Position;

/// An object whose values are still unparsed text.
pub type Object<'a> = BTreeMap<String, &'a RawValue>;

/// Larger numbers are milliseconds since 1970, smaller ones are seconds: the limit is the year 5138 in seconds,
/// or March 1973 in milliseconds.
const FIRST_MS: f64 = 1e11;
/// November 2286 in milliseconds. A number with more digits is a date such as 20240501120000, or microseconds.
const LAST_MS: f64 = 1e13;

/// A list whose values are still unparsed text.
pub type List<'a> = Vec<&'a RawValue>;

/// A JSON error and its line.
pub fn wrong(error: serde_json::Error) -> Malformed {
    let line = error.line().max(1) as u64;
    if error.is_eof() {
        Malformed::at_line(line, "the JSON is cut off")
    } else {
        Malformed::at_line(line, format!("wrong JSON ({error})"))
    }
}

/// The text of a file without the record separators before each object of a text sequence (RFC 8142); inside of a
/// JSON string this character is never bare.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let text = scalars::decode(bytes);
    if text.contains(SEPARATOR) { text.replace(SEPARATOR, " ").into() } else { text }
}

pub const SEPARATOR: char = '\u{1e}';

/// The objects of a text: a single one, or one per line.
pub fn objects(text: &str) -> impl Iterator<Item = Result<Object<'_>, Malformed>> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<Object<'_>>();
    values.map(|value| value.map_err(wrong))
}

/// A time as text, or as a number of seconds or milliseconds since 1970; numbers may also be strings.
pub fn time(value: &Value) -> Time {
    let number = match value {
        Value::Null => return Time::Absent,
        Value::Number(number) => number.as_f64(),
        // A shorter text is only a year or a date.
        Value::String(text) if text.trim().len() < 10 => None,
        Value::String(text) => text.trim().parse().ok(),
        _ => return Time::Wrong,
    };
    match (number, value) {
        (Some(number), _) if number.abs() < LAST_MS => {
            let ms = if number.abs() > FIRST_MS { number } else { number * 1000.0 };
            Time::from_ms(ms.round() as i64)
        }
        (_, Value::String(text)) => Time::from_text(text),
        _ => Time::Wrong,
    }
}

/// Longitude, latitude and optionally a height.
pub fn coordinates(value: &Value) -> Option<(Position, Option<f64>)> {
    let list = value.as_array()?;
    let number = |at: usize| list.get(at).and_then(Value::as_f64);
    let position = Position::new(number(0)?, number(1)?).ok()?;
    Some((position, number(2).filter(|height| height.is_finite())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::track::scalars::Designator;

    #[test]
    fn a_time_is_told_by_its_digits() {
        let known = |ms| Time::Known { ms, zone: Designator::Utc };
        let noon_ms = 1_714_564_800_000;
        for (json, wanted) in [
            ("1714564800", known(noon_ms)),
            ("1714564800.25", known(noon_ms + 250)),
            ("1714564800250", known(noon_ms + 250)),
            ("\"1714564800250\"", known(noon_ms + 250)),
            ("\" 1714564800 \"", known(noon_ms)),
            ("\"2024-05-01T12:00:00Z\"", known(noon_ms)),
            (
                "\"2024-05-01T14:00:00+02:00\"",
                Time::Known { ms: noon_ms, zone: Designator::Offset },
            ),
            ("\"20240501120000\"", Time::Known { ms: noon_ms, zone: Designator::Absent }),
            ("20240501120000", Time::Wrong),
            ("1714564800250000", Time::Wrong),
            ("\"1714564800250000\"", Time::Wrong),
            ("100000000000", known(100_000_000_000_000)),
            ("100000000001", Time::Wrong),
            ("9999999999999", known(9_999_999_999_999)),
            ("10000000000000", Time::Wrong),
            ("\"999999999\"", Time::Wrong),
            ("999999999", known(999_999_999_000)),
            ("631151999", Time::Wrong),
            ("\"nan of these\"", Time::Wrong),
            ("\"2024\"", Time::Wrong),
            ("2024", Time::Wrong),
            ("-1714564800250", Time::Wrong),
            ("[1]", Time::Wrong),
            ("\"  \"", Time::Absent),
            ("null", Time::Absent),
        ] {
            assert_eq!(time(&serde_json::from_str(json).unwrap()), wanted, "{json}");
        }
    }

    #[test]
    fn a_text_sequence_has_its_objects_at_the_same_bytes() {
        let text = "\u{1e}{\"a\":1}\n\u{1e}{\"a\":2}\n";
        assert_eq!(decode(text.as_bytes()).len(), text.len());
        assert_eq!(objects(&decode(text.as_bytes())).filter_map(Result::ok).count(), 2);
    }
}
