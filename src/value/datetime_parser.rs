//! Parses dates and times as cameras and programs write them, in any format. The result is a value if only one
//! meaning is possible, absent, or an error with the reason; never a guess.

mod time_of_day;

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, Offset};
use chrono::{TimeDelta, TimeZone};
use chrono_tz::Tz;

pub use time_of_day::time_of_day;

const NO_DATE: &str = "is not a date of the form YYYY:MM:DD";
const NO_OFFSET: &str = "is not an offset of the form +HH:MM";

/// The time that a clock showed, and its offset from UTC if that was written too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraTime {
    pub local: NaiveDateTime,
    pub offset: Option<FixedOffset>,
}

impl CameraTime {
    /// Milliseconds since 1970, UTC; `None` if the zone is unknown.
    pub fn captured_ms(&self) -> Option<i64> {
        let offset_s = i64::from(self.offset?.local_minus_utc());
        Some((self.local - TimeDelta::seconds(offset_s)).and_utc().timestamp_millis())
    }
}

/// Parses `YYYY:MM:DD HH:MM:SS` (Exif 2.32, 4.6.4) and the variants that cameras and programs write: other
/// separators or none, a `T`, a blank for a leading zero, no seconds, a fraction after a point, a comma or a
/// colon, AM and PM, a zone after it as offset or `[Name]`, and the dates of mail and of C (`Wed May  1
/// 12:30:45 2024`). Only blanks or zeros mean that the camera did not know the time: `Ok(None)`. The error is
/// the reason, to follow the quoted text.
pub fn date_time(text: &str) -> Result<Option<CameraTime>, &'static str> {
    let text = trimmed(text);
    if is_blank(text) {
        return Ok(None);
    }
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return spelled_out(text).map(Some).ok_or("is not a date and time");
    }
    let (day, rest) = split_date(text)?;
    let Some(day) = day else { return Err("has a time but no date") };
    let rest = rest.strip_prefix(['T', 't', ' ']).or(rest.starts_with(digit).then_some(rest));
    let rest = rest.ok_or("has no time of day")?.trim_start();
    let (rest, named) = split_zone_name(rest)?;
    let end = rest.find(['Z', 'z', '+', '-', '\u{2212}', 'U', 'G']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let (time, carry) = time_of_day(clock.trim_end())?;
    let local = day.and_time(time) + carry;
    let offset = match (offset(zone)?, named) {
        (None, Some(zone)) => Some(offset_in(zone, local)?),
        (offset, _) => offset,
    };
    Ok(Some(CameraTime { local, offset }))
}

/// Why the zone that a time names contradicts the offset beside it, as in `+02:00[America/New_York]`: a remark to put
/// after the quoted text. The offset counts.
pub fn contradicted_zone(text: &str) -> Option<String> {
    let (_, zone) = split_zone_name(trimmed(text)).ok()?;
    let (zone, time) = (zone?, date_time(text).ok()??);
    let offset = time.offset?;
    let utc = time.local - TimeDelta::seconds(i64::from(offset.local_minus_utc()));
    let own = zone.offset_from_utc_datetime(&utc).fix();
    (own != offset).then(|| format!("names {zone}, where the offset is {own} then"))
}

/// Parses `YYYY:MM:DD`, also with `-`, `/`, `.` or nothing between, and returns what follows it; only zeros
/// or blanks mean absent.
pub fn split_date(text: &str) -> Result<(Option<NaiveDate>, &str), &'static str> {
    let (year, rest) = text.split_at_checked(4).ok_or("is not a date and time")?;
    let separator = rest.chars().next().filter(|c| matches!(c, ':' | '-' | '/' | '.'));
    let (month, day, rest) = match separator {
        None => {
            let (month, rest) = rest.split_at_checked(2).ok_or(NO_DATE)?;
            let (day, rest) = rest.split_at_checked(2).ok_or(NO_DATE)?;
            (month, day, rest)
        }
        Some(separator) => {
            let (month, rest) = rest[1..].split_once(separator).ok_or(NO_DATE)?;
            let day = short_number(rest);
            (month, day, &rest[day.len()..])
        }
    };
    if [year, month, day].iter().all(|part| is_blank(part)) && !day.is_empty() {
        return Ok((None, rest));
    }
    let well_formed = year.bytes().all(|byte| byte.is_ascii_digit()) && month.len() <= 2;
    let numbers = (number(year), number(month), number(day));
    let (Some(year), Some(month), Some(day)) = numbers else { return Err(NO_DATE) };
    if !well_formed {
        return Err(NO_DATE);
    }
    let date = NaiveDate::from_ymd_opt(year as i32, month, day).filter(|_| year > 0);
    date.map(|date| (Some(date), rest)).ok_or("is a day that no calendar has")
}

/// A date alone.
pub fn date(text: &str) -> Result<Option<NaiveDate>, &'static str> {
    let text = trimmed(text);
    if is_blank(text) {
        return Ok(None);
    }
    match split_date(text).map_err(|_| NO_DATE)? {
        (date, "") => Ok(date),
        _ => Err(NO_DATE),
    }
}

/// A fraction of a second as in SubSecTime: the digits after the decimal point, so `5` is half a second and
/// `05` a twentieth. A unit may follow. In nanoseconds.
pub fn sub_second(text: &str) -> Result<Option<u32>, &'static str> {
    let text = trimmed(text).trim_start_matches('.');
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let is_unit = rest.chars().all(|c| c.is_alphabetic() || c == ' ');
    match digits {
        "" if rest.is_empty() => Ok(None),
        "" => Err("is not a fraction of a second"),
        _ if !is_unit => Err("is not a fraction of a second"),
        _ => Ok(format!("{digits:0<9.9}").parse().ok()),
    }
}

/// Parses `+HH:MM`, `+HHMM`, `+HH`, `Z`, `UTC`, `UTC+2`; blanks are absent.
pub fn offset(text: &str) -> Result<Option<FixedOffset>, &'static str> {
    let text = trimmed(text);
    if text.bytes().all(|b| matches!(b, b' ' | b':')) {
        return Ok(None);
    }
    let bare = ["UTC", "GMT"].iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    if bare.is_empty() || bare.eq_ignore_ascii_case("z") {
        return Ok(FixedOffset::east_opt(0));
    }
    let (sign, rest) = match bare.chars().next() {
        Some('+') => (1, &bare[1..]),
        Some(sign @ ('-' | '\u{2212}')) => (-1, &bare[sign.len_utf8()..]),
        _ => return Err(NO_OFFSET),
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) => (hours, minutes.strip_suffix(":00").unwrap_or(minutes)),
        None if rest.len() == 4 => rest.split_at_checked(2).ok_or(NO_OFFSET)?,
        None => (rest, "00"),
    };
    if hours.is_empty() || hours.len() > 2 || minutes.len() != 2 {
        return Err(NO_OFFSET);
    }
    let hours = number(hours).ok_or(NO_OFFSET)? as i32;
    let minutes = number(minutes).ok_or(NO_OFFSET)? as i32;
    let offset_min = sign * (hours * 60 + minutes);
    // Offsets range from 12 hours west to 14 hours east.
    if !(-12 * 60..=14 * 60).contains(&offset_min) || minutes > 59 {
        return Err("is an offset that no zone has");
    }
    Ok(FixedOffset::east_opt(offset_min * 60))
}

/// The zone in brackets that Java writes after a time, as in `+02:00[Europe/Brussels]`.
fn split_zone_name(text: &str) -> Result<(&str, Option<Tz>), &'static str> {
    let Some((rest, name)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) else {
        return Ok((text, None));
    };
    let zone = name.parse().map_err(|_| "names a zone that is not known")?;
    Ok((rest, Some(zone)))
}

fn offset_in(zone: Tz, local: NaiveDateTime) -> Result<FixedOffset, &'static str> {
    match zone.offset_from_local_datetime(&local) {
        MappedLocalTime::Single(offset) => Ok(offset.fix()),
        MappedLocalTime::Ambiguous(..) => Err("comes twice in its zone, when summer time ends"),
        MappedLocalTime::None => Err("never comes in its zone, when summer time begins"),
    }
}

/// The dates of RFC 2822 and of asctime: month names make them unambiguous.
fn spelled_out(text: &str) -> Option<CameraTime> {
    if let Ok(time) = DateTime::parse_from_rfc2822(text) {
        return Some(CameraTime { local: time.naive_local(), offset: Some(*time.offset()) });
    }
    let forms = ["%a %b %e %H:%M:%S %Y", "%a %d %b %Y %H:%M:%S", "%b %e %Y %H:%M:%S"];
    let read = |form| NaiveDateTime::parse_from_str(text, form).ok();
    forms.into_iter().find_map(read).map(|local| CameraTime { local, offset: None })
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\0')
}

/// Whether the text consists of zeros and separators only.
fn is_blank(text: &str) -> bool {
    let is_filler = |b| matches!(b, b'0' | b' ' | b':' | b'-' | b'/' | b'.' | b'T' | b'\0');
    text.bytes().all(is_filler)
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// One or two digits at the start, the first of which may be a blank.
fn short_number(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    match (bytes.first(), is_digit(0), is_digit(1)) {
        (_, true, true) | (Some(b' '), false, true) => &text[..2],
        (Some(b' '), false, false) if bytes.get(1) == Some(&b' ') => &text[..2],
        (_, true, false) => &text[..1],
        _ => "",
    }
}

/// Digits that may have blanks before them, as some cameras write a leading zero.
fn number(text: &str) -> Option<u32> {
    let text = text.trim_start_matches(' ');
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests;
