//! Times as clients write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::super::answer::Refusal;
use super::super::route::Query;

/// From here on a number is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

pub fn instant_ms(query: &Query, key: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = query.get(key) else { return Ok(None) };
    let wrong = || Refusal::parameter(format!("Invalid {key} '{text}': an ISO 8601 time expected"));
    read_instant_ms(text).ok_or_else(wrong).map(Some)
}

/// An ISO 8601 time as clients write it: with a zone (`Z`, `+00:00`, `+0000`) or without one (UTC), with or without
/// seconds, or a date alone; or seconds or milliseconds since 1970.
pub fn read_instant_ms(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        let is_ms = number.abs() >= MILLISECONDS_FROM;
        return Some(if is_ms { number } else { number * 1000 });
    }
    // A plus sign in a query is decoded as a space.
    let text = text.trim().replace(' ', if text.contains('T') { "+" } else { "T" });
    let zoned = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"];
    let plain = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let zoned = zoned.iter().find_map(|form| DateTime::parse_from_str(&text, form).ok());
    let plain = || plain.iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_time(Default::default()));
    let utc = || plain().or_else(date).map(|time| time.and_utc().timestamp_millis());
    zoned.map(|time| time.timestamp_millis()).or_else(utc)
}
