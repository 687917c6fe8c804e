//! Values as the exports write them: members with two names, minutes of a segment, positions in two notations.

use serde_json::Value;

use super::super::point::Time;
use super::super::{json_scanner, scalars};
use crate::value::geo::Position;

const MINUTE_MS: i64 = 60_000;

/// A member by its newer name, otherwise by its older one.
pub fn either<'a>(object: &'a Value, newer: &str, older: &str) -> &'a Value {
    if object[newer].is_null() { &object[older] } else { &object[newer] }
}

/// The time some minutes after the start of a segment.
pub fn later(start: &Value, minutes: &Value) -> Time {
    let minutes = minutes.as_i64().or_else(|| minutes.as_str()?.trim().parse().ok());
    match (json_scanner::time(start), minutes) {
        (Time::Known { ms, zone }, Some(minutes)) if minutes.abs() < 1 << 32 => {
            Time::Known { ms: ms + minutes * MINUTE_MS, zone }
        }
        (Time::Known { .. }, _) => Time::Absent,
        (time, _) => time,
    }
}

/// A position in ten millionths of a degree. In some exports the numbers overflowed 32 bits once.
pub fn e7_place(lat: &Value, lon: &Value) -> Option<Position> {
    let degrees = |value: &Value, most: i64| {
        let e7 = value.as_i64()?;
        let e7 = if e7 > most { e7 - (1 << 32) } else { e7 };
        Some(e7 as f64 / 1e7)
    };
    Position::new(degrees(lon, 1_800_000_000)?, degrees(lat, 900_000_000)?).ok()
}

/// `52.1°, 13.2°` on Android, `geo:52.1,13.2` on iOS: latitude first.
pub fn lat_lng(text: &str) -> Option<Position> {
    let bare = text.trim().trim_start_matches("geo:");
    let (lat, lng) = bare.split_once(',')?;
    let degrees = |text: &str| scalars::number(text.trim().trim_end_matches('°'));
    Position::new(degrees(lng)?, degrees(lat)?).ok()
}

#[cfg(test)]
mod tests;
