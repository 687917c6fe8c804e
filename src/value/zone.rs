//! Time zones: named, as a fixed offset, or the one in force at a position; and the conversion of a camera's
//! local time.

use std::{fmt, str::FromStr, sync::OnceLock};

use chrono::{DateTime, FixedOffset, MappedLocalTime, Offset, TimeZone};
use chrono_tz::Tz;
use tzf_rs::EmbeddedFinder;

use super::{Error, Expected, geo::Position, instant::LocalTime};

/// How far local time is ahead of UTC, possibly depending on the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// An IANA zone, with daylight saving time.
    Named(Tz),
    Fixed(FixedOffset),
}

/// A zone given by the user; `None` for `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneChoice(pub Option<Zone>);

impl FromStr for ZoneChoice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "auto" => Ok(ZoneChoice(None)),
            _ => text.parse().map(|zone| ZoneChoice(Some(zone))),
        }
    }
}

/// The instants that a local time can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instants {
    One(i64),
    /// In the hour that occurs twice in autumn: the earlier and the later instant. Photos in camera order have
    /// ascending times, which shows which one is meant.
    Two(i64, i64),
    /// In the hour that is skipped in spring: no clock in the zone shows it.
    Never,
}

impl Zone {
    pub const UTC: Zone = Zone::Named(Tz::UTC);

    /// The instants at which a clock of this zone shows `local`.
    pub fn instants_ms(self, local: LocalTime) -> Instants {
        let naive = local.naive();
        let offsets = match self {
            Zone::Named(zone) => zone.offset_from_local_datetime(&naive).map(|offset| offset.fix()),
            Zone::Fixed(offset) => MappedLocalTime::Single(offset),
        };
        let at =
            |offset: FixedOffset| local.clock_ms() - i64::from(offset.local_minus_utc()) * 1000;
        match offsets {
            MappedLocalTime::Single(offset) => Instants::One(at(offset)),
            MappedLocalTime::Ambiguous(a, b) => Instants::Two(at(a).min(at(b)), at(a).max(at(b))),
            MappedLocalTime::None => Instants::Never,
        }
    }

    /// Seconds ahead of UTC at an instant. `None` if out of range.
    pub fn offset_s(self, captured_ms: i64) -> Option<i32> {
        let utc = DateTime::from_timestamp_millis(captured_ms)?.naive_utc();
        Some(match self {
            Zone::Named(zone) => zone.offset_from_utc_datetime(&utc).fix().local_minus_utc(),
            Zone::Fixed(offset) => offset.local_minus_utc(),
        })
    }
}

impl FromStr for Zone {
    type Err = Error;

    /// Parses `Europe/Berlin`, `+02:00`, `+0200`, `+02`, `Z` or `UTC`.
    fn from_str(text: &str) -> Result<Self, Error> {
        if matches!(text, "Z" | "z" | "UTC" | "utc") {
            return Ok(Zone::UTC);
        }
        let named = || text.parse::<Tz>().ok().map(Zone::Named);
        parse_offset(text).map(Zone::Fixed).or_else(named).ok_or_else(|| Expected::Zone.not(text))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Named(zone) => f.write_str(zone.name()),
            Zone::Fixed(offset) => f.write_str(&offset_text(offset.local_minus_utc())),
        }
    }
}

/// An offset as in EXIF and RFC 3339: `+02:00`. Seconds of historical local times are dropped.
pub fn offset_text(offset_s: i32) -> String {
    let sign = if offset_s < 0 { '-' } else { '+' };
    let minutes = offset_s.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The zone in force at a position; at sea it is a whole number of hours. `None` if the zone map has no entry.
/// The map is loaded at the first call, and is not linked into tools that never call this.
pub fn zone_at(place: Position) -> Option<Zone> {
    static MAP: OnceLock<EmbeddedFinder> = OnceLock::new();
    let map = MAP.get_or_init(EmbeddedFinder::new);
    let name = map.get_tz_name(place.lon_deg(), place.lat_deg());
    name.parse().ok().map(Zone::Named)
}

/// Real offsets range from -12:00 to +14:00; anything else is a typing error.
fn parse_offset(text: &str) -> Option<FixedOffset> {
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = text[1..].replacen(':', "", 1);
    let clean = digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        2 if clean => (digits.as_str(), "0"),
        4 if clean => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let offset_min = sign * (hours * 60 + minutes);
    let real = minutes < 60 && (-12 * 60..=14 * 60).contains(&offset_min);
    if real { FixedOffset::east_opt(offset_min * 60) } else { None }
}

#[cfg(test)]
mod tests;
