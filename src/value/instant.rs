//! Instants as milliseconds since 1970 UTC, and the local times that cameras write without a zone.

use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta};

use super::{Error, Expected, datetime_parser};

/// Parses an RFC 3339 time in any of its spellings, or a date, which means the start of that day in UTC.
///
/// # Errors
/// A text that is not an instant, such as a time without a zone.
pub fn parse_instant_ms(text: &str) -> Result<i64, Error> {
    let day = |date: NaiveDate| date.and_time(Default::default()).and_utc().timestamp_millis();
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(day);
    let instant = || DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis());
    let other = || datetime_parser::date_time(text).ok()??.captured_ms();
    date.or_else(|_| instant()).ok().or_else(other).ok_or_else(|| Expected::Instant.not(text))
}

/// The years that have four digits, in ms since 1970: EXIF and RFC 3339 know no others.
const YEARS_MS: RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// Whether an instant is within the years 1 to 9999; beyond them, milliseconds are mostly microseconds.
pub fn is_in_calendar(captured_ms: i64) -> bool {
    YEARS_MS.contains(&captured_ms)
}

/// The years 1995 to 2099 in seconds since 1970. In ms, these numbers are between 10 January and 17 February 1970. The first
/// cameras that knew where they were came in 1995; one whose clock begins in 1970 rarely runs for nine days before anyone sets it.
const LIKELY_SECONDS: Range<i64> = 788_918_400..4_102_444_800;

/// The date that a number of ms would be as seconds, if that is likely and the ms are not: Python's `time.time()`, Unix tools
/// and many databases count seconds.
pub fn date_if_seconds(captured_ms: i64) -> Option<String> {
    LIKELY_SECONDS.contains(&captured_ms).then(|| format_date(captured_ms * 1000))?
}

/// The date of an instant in UTC, such as `2024-06-01`. `None` beyond the years 1 to 9999.
pub fn format_date(captured_ms: i64) -> Option<String> {
    Some(utc(captured_ms)?.date().to_string())
}

/// The date and time of an instant in UTC. `None` beyond the years 1 to 9999.
pub fn utc(captured_ms: i64) -> Option<NaiveDateTime> {
    let time = is_in_calendar(captured_ms).then(|| DateTime::from_timestamp_millis(captured_ms))?;
    Some(time?.naive_utc())
}

/// RFC 3339 in UTC, with milliseconds if they are not 0. `None` beyond the years 1 to 9999.
pub fn format_instant(captured_ms: i64) -> Option<String> {
    let time = utc(captured_ms)?.and_utc();
    let whole = captured_ms.rem_euclid(1000) == 0;
    let digits = if whole { SecondsFormat::Secs } else { SecondsFormat::Millis };
    Some(time.to_rfc3339_opts(digits, true))
}

/// The time that a camera's clock showed: without a zone, with the number of fractional digits that was
/// written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    time: NaiveDateTime,
    /// Digits after the point, at most 9.
    digits: u8,
}

impl LocalTime {
    /// A local time with this many fractional digits when written; more than 9 are taken as 9.
    pub fn new(time: NaiveDateTime, digits: u8) -> Self {
        LocalTime { time, digits: digits.min(9) }
    }

    /// The time that a clock shows at an instant if it is `offset_s` ahead of UTC. `None` beyond the years 1 to 9999.
    pub fn at(captured_ms: i64, offset_s: i32) -> Option<Self> {
        let local_ms = captured_ms.checked_add(i64::from(offset_s) * 1000)?;
        let time = utc(local_ms)?;
        let digits = if local_ms.rem_euclid(1000) == 0 { 0 } else { 3 };
        Some(LocalTime { time, digits })
    }

    pub fn naive(self) -> NaiveDateTime {
        self.time
    }

    /// Milliseconds since 1970 on the same clock: only for differences, not an instant.
    pub fn clock_ms(self) -> i64 {
        self.time.and_utc().timestamp_millis()
    }

    /// The same clock time moved by milliseconds, which are written out then. `None` beyond the years 1 to 9999.
    pub fn moved_ms(self, by_ms: i64) -> Option<Self> {
        let moved = self.time.checked_add_signed(TimeDelta::try_milliseconds(by_ms)?);
        let time = moved.filter(|time| is_in_calendar(time.and_utc().timestamp_millis()))?;
        let digits = if by_ms % 1000 == 0 { self.digits } else { self.digits.max(3) };
        Some(LocalTime { time, digits })
    }
}

impl FromStr for LocalTime {
    type Err = Error;

    /// Parses `2024-05-01T12:00:00.25`; a blank may replace the T. Other spellings are accepted too, but none
    /// with a zone.
    fn from_str(text: &str) -> Result<Self, Error> {
        usual(text).or_else(|| other(text)).ok_or_else(|| Expected::LocalTime.not(text))
    }
}

/// Parses the spelling used in this toolkit's own rows.
fn usual(text: &str) -> Option<LocalTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let spelled = (text.contains('.') && fraction.is_empty())
        || fraction.len() > 9
        || !fraction.bytes().all(|byte| byte.is_ascii_digit());
    if spelled {
        return None;
    }
    let read = |format| NaiveDateTime::parse_from_str(whole, format);
    let time = read("%Y-%m-%dT%H:%M:%S").or_else(|_| read("%Y-%m-%d %H:%M:%S")).ok()?;
    // A second of 60 is read as the next minute, by the other parser.
    if time.and_utc().timestamp_subsec_nanos() != 0 {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    Some(LocalTime { time: time + TimeDelta::nanoseconds(nanos), digits: fraction.len() as u8 })
}

fn other(text: &str) -> Option<LocalTime> {
    let time = datetime_parser::date_time(text).ok()??;
    let nanos = format!("{:09}", time.local.and_utc().timestamp_subsec_nanos());
    let digits = nanos.trim_end_matches('0').len() as u8;
    time.offset.is_none().then(|| LocalTime::new(time.local, digits))
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.time.format("%Y-%m-%dT%H:%M:%S"))?;
        if self.digits > 0 {
            let nanos =
                format!("{:09}", self.time.and_utc().timestamp_subsec_nanos() % 1_000_000_000);
            write!(f, ".{}", &nanos[..self.digits as usize])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
