//! Decodes the text of a track file, and parses its numbers and times.

use std::borrow::Cow;

use chrono::{Datelike, FixedOffset, NaiveDate};

use crate::value::datetime_parser::{self, CameraTime};

/// Earlier years are rejected. Receivers that do not know the date write 1970, or 1980, when GPS time starts.
/// GPX is newer than both.
const FIRST_YEAR: i32 = 1990;
/// The start of that year.
pub const FIRST_MS: i64 = 631_152_000_000;

/// The text of a file in UTF-8, or in UTF-16 with a byte order mark or with `<` as its first character (XML 1.0,
/// appendix F.1). Invalid bytes are replaced, because only names and comments contain non-ASCII characters.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(wide(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(wide(rest, u16::from_be_bytes)),
        [b'<', 0, ..] => Cow::Owned(wide(bytes, u16::from_le_bytes)),
        [0, b'<', ..] => Cow::Owned(wide(bytes, u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// Whether a file has two bytes for each character, so that a part of it cannot be decoded alone.
pub fn is_wide(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'<', 0, ..] | [0, b'<', ..])
}

/// A decimal number. Also accepts a decimal comma, which some programs write in some locales.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = match text.parse::<f64>() {
        Ok(number) => Ok(number),
        Err(_) => text.replacen(',', ".", 1).parse(),
    };
    number.ok().filter(|number| number.is_finite())
}

/// How a written time tells its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Designator {
    /// Not at all.
    Absent,
    /// `Z` or `+00:00`, which loggers also write behind local times.
    Utc,
    /// Another offset, or the name of a zone.
    Offset,
}

impl Designator {
    /// Of an offset in any unit.
    fn of_offset(offset: Option<i64>) -> Designator {
        match offset {
            None => Designator::Absent,
            Some(0) => Designator::Utc,
            Some(_) => Designator::Offset,
        }
    }
}

/// Milliseconds since 1970, and how the zone was given; without one it is UTC, as GPX requires. `None` for an invalid
/// time, and for one that no GPX receiver can have known.
pub fn time_ms(text: &str) -> Option<(i64, Designator)> {
    usual_time_ms(text).or_else(|| {
        let time = datetime_parser::date_time(text).ok()??;
        let utc = CameraTime { offset: time.offset.or(FixedOffset::east_opt(0)), ..time };
        let known = time.local.year() >= FIRST_YEAR;
        let offset_s = time.offset.map(|offset| i64::from(offset.local_minus_utc()));
        Some((utc.captured_ms().filter(|_| known)?, Designator::of_offset(offset_s)))
    })
}

/// Parses the usual spelling, which nearly every file has, several times as fast.
fn usual_time_ms(text: &str) -> Option<(i64, Designator)> {
    let mut cursor = Cursor(text.trim().as_bytes());
    let year = cursor.digits(4)?;
    cursor.one_of(b"-")?;
    let month = cursor.digits(2)?;
    cursor.one_of(b"-")?;
    let day = cursor.digits(2)?;
    cursor.one_of(b"Tt ")?;
    let hour = cursor.digits(2)?;
    cursor.one_of(b":")?;
    let minute = cursor.digits(2)?;
    cursor.one_of(b":")?;
    let second = cursor.digits(2)?;
    let fraction_ms = if cursor.one_of(b".,").is_some() { cursor.fraction_ms()? } else { 0 };
    let offset_min = cursor.zone_min()?;
    // Only the end of a day has the hour 24 (XML Schema, part 2, 3.2.7). A leap second is written as 60.
    let is_end = hour == 24 && (minute, second, fraction_ms) == (0, 0, 0);
    if hour > 23 && !is_end || minute > 59 || second > 60 || year < i64::from(FIRST_YEAR) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year as i32, month as u32, day as u32)?;
    let day_ms = date.and_time(Default::default()).and_utc().timestamp_millis();
    let of_day_s = (hour * 60 + minute - offset_min.unwrap_or(0)) * 60 + second;
    Some((day_ms + of_day_s * 1000 + fraction_ms, Designator::of_offset(offset_min)))
}

/// The rest of a time that is not parsed yet.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'))
        })
    }

    fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        wanted.contains(&byte).then(|| {
            self.0 = rest;
            byte
        })
    }

    /// Digits after the point, rounded to milliseconds.
    fn fraction_ms(&mut self) -> Option<i64> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let weighed = digits.iter().take(9).fold((0.0, 1000.0), |(sum, weight), byte| {
            (sum + f64::from(byte - b'0') * weight / 10.0, weight / 10.0)
        });
        (count > 0).then_some(weighed.0.round() as i64)
    }

    /// Offset from UTC in minutes at the end of the time; the outer `None` means an invalid zone.
    fn zone_min(&mut self) -> Option<Option<i64>> {
        let sign = match self.one_of(b" Zz+-") {
            None if self.0.is_empty() => return Some(None),
            Some(b' ') => return self.zone_min(),
            Some(b'Z' | b'z') => return self.0.is_empty().then_some(Some(0)),
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return None,
        };
        let hours = self.digits(2)?;
        let _ = self.one_of(b":");
        let minutes = if self.0.is_empty() { 0 } else { self.digits(2)? };
        (self.0.is_empty() && hours <= 14 && minutes < 60)
            .then_some(Some(sign * (hours * 60 + minutes)))
    }
}

#[cfg(test)]
mod tests;
