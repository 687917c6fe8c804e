//! The date and time in a file name, as phones, cameras and apps write it.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use super::Error;
use super::datetime_parser::{CameraTime, offset};

/// Digits of the parts of a time, and the maximum number of separators between two of them.
const PARTS: [usize; 6] = [4, 2, 2, 2, 2, 2];
/// The index of the hour in them.
const HOUR: usize = 3;
const SEPARATORS: &[u8] = b"-_. :T";
/// The text between the day and the hour: a separator, or ` at ` of messengers.
const BETWEEN: [&str; 3] = [" at ", "_at_", "-at-"];
/// Older dates are rejected, because there were no digital cameras.
const FIRST_YEAR: i32 = 1990;

/// Finds the one date with a time of day in a name without its extension: `IMG_20240501_120000`,
/// `20240501-120000`, `PXL_20240501_120000123` (which is UTC), `2024-05-01 12.00.00`,
/// `2024_05_01_12_00_00_123_+0200`, `2024-05-01 at 2.30.45 PM`.
///
/// # Errors
/// No date, a date without a time, or two that differ.
pub fn find(stem: &str) -> Result<CameraTime, Error> {
    let bytes = stem.as_bytes();
    let starts = (0..bytes.len())
        .filter(|&at| bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_digit()));
    let mut found: Vec<CameraTime> = starts.filter_map(|at| read(stem, at)).collect();
    found.dedup();
    match found.as_slice() {
        [time] => Ok(*time),
        [] => Err(Error::NoTimeInName(stem.to_string())),
        _ => Err(Error::TwoTimesInName(stem.to_string())),
    }
}

/// Parses a name by a strftime pattern such as `IMG_%Y%m%d_%H%M%S`, at the first position where it matches.
///
/// # Errors
/// The pattern matches nowhere.
pub fn find_by(stem: &str, pattern: &str) -> Result<CameraTime, Error> {
    let read = |(at, _)| NaiveDateTime::parse_and_remainder(&stem[at..], pattern).ok();
    let found = stem.char_indices().find_map(read);
    let wrong = || Error::OtherNamePattern { name: stem.to_string(), pattern: pattern.to_string() };
    found.map(|(local, _)| CameraTime { local, offset: None }).ok_or_else(wrong)
}

/// The time that begins at this byte and consists of just its own digits.
fn read(stem: &str, start: usize) -> Option<CameraTime> {
    let mut rest = &stem[start..];
    let mut numbers = [0u32; 6];
    let mut is_short = false;
    for (at, mut digits) in PARTS.into_iter().enumerate() {
        if at > 0 {
            rest = after_separator(rest, at == HOUR);
        }
        if at == HOUR && rest.as_bytes().get(1).is_some_and(|byte| !byte.is_ascii_digit()) {
            (digits, is_short) = (1, true);
        }
        let (number, left) = rest.split_at_checked(digits)?;
        numbers[at] = number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok())??;
        rest = left;
    }
    let (nanos, rest) = fraction(rest)?;
    let [year, month, day, hour, minute, second] = numbers;
    let hour = match half(rest) {
        // Only in 12-hour times the first digit of the hour may be missing.
        None => (!is_short).then_some(hour)?,
        Some(is_pm) => in_day(hour, is_pm)?,
    };
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    let is_pixel = stem[..start].ends_with("PXL_");
    let offset = if is_pixel { FixedOffset::east_opt(0) } else { zone(rest) };
    (date >= NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1)?)
        .then_some(CameraTime { local: date.and_time(time), offset })
}

fn after_separator(text: &str, is_between: bool) -> &str {
    let word = BETWEEN.iter().find_map(|word| text.strip_prefix(word)).filter(|_| is_between);
    let single = || text.as_bytes().first().filter(|byte| SEPARATORS.contains(byte));
    word.unwrap_or_else(|| if single().is_some() { &text[1..] } else { text })
}

/// Three digits after the seconds are milliseconds; with any other number of digits it is not a time.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let rest = text.strip_prefix(['_', '.', '-']).unwrap_or(text);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        3 => Some((rest[..3].parse::<u32>().ok()? * 1_000_000, &rest[3..])),
        // A separate number, such as that of one of several photos in a second.
        _ if rest.len() < text.len() => Some((0, text)),
        0 => Some((0, text)),
        _ => None,
    }
}

/// AM (false) or PM (true) after the time, where messengers and macOS write it, with a blank of any width before it.
fn half(text: &str) -> Option<bool> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '_' | '-'));
    let (half, rest) = text.split_at_checked(2)?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    let of = |name: &str| ends && half.eq_ignore_ascii_case(name);
    if of("am") { Some(false) } else { of("pm").then_some(true) }
}

/// The hour of the day; some programs write PM after a 24-hour time.
fn in_day(hour: u32, is_pm: bool) -> Option<u32> {
    match (hour, is_pm) {
        (1..=12, _) => Some(hour % 12 + if is_pm { 12 } else { 0 }),
        (13..=23, true) => Some(hour),
        _ => None,
    }
}

/// `Z`, or a sign and hours and minutes that some zone has. Fewer digits are the number of a copy, as programs
/// append it to the second photo of a second (`-1`, `-02`).
fn zone(text: &str) -> Option<FixedOffset> {
    let text = text.strip_prefix(['_', ' ']).unwrap_or(text);
    let spelled = text.split(|c: char| !matches!(c, '+' | '-' | ':' | 'Z') && !c.is_ascii_digit());
    let spelled = spelled.take(1).next().filter(|spelled| !spelled.is_empty())?;
    if spelled.starts_with('Z') {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = spelled.split_at(1);
    let shape: Vec<usize> = digits.split(':').map(str::len).collect();
    let is_offset = matches!(sign, "+" | "-") && matches!(shape[..], [4] | [2, 2]);
    let offset = offset(spelled).ok().flatten().filter(|_| is_offset)?;
    let minutes = offset.local_minus_utc() / 60;
    // No zone is less than an hour behind UTC.
    (minutes % 15 == 0 && (sign == "+" || minutes <= -60)).then_some(offset)
}

#[cfg(test)]
mod tests;
