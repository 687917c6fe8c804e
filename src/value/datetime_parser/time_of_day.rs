//! Parses a time of day, including nonstandard spellings.

use chrono::{NaiveTime, TimeDelta, Timelike};

use super::{number, sub_second};

const NO_TIME: &str = "has no time of the form HH:MM:SS";
const NO_CLOCK: &str = "is a time no clock shows";

/// Parses `HH:MM:SS` and its variants. A second of 60, which rounding produces, is returned as 59 plus a carry
/// (the second value).
pub fn time_of_day(text: &str) -> Result<(NaiveTime, TimeDelta), &'static str> {
    let (text, half) = split_half(text.trim());
    let (whole, fraction) = match text.split_once(['.', ',']) {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err("ends in a decimal point"),
        None => split_milliseconds(text),
    };
    let [hour, minute, second] = clock_parts(whole)?;
    let hour = half.map_or(Ok(hour), |half| in_day(hour, half))?;
    // Some phones write 24:15 for a quarter past midnight at the start of the day, ISO 8601 means its end: they
    // differ by a day, so neither is accepted.
    if hour == 24 {
        return Err("has the hour 24, which may mean either end of the day");
    }
    let nanos = sub_second(fraction)?.unwrap_or(0);
    let (second, carry_s) = if second == 60 && nanos == 0 { (59, 1) } else { (second, 0) };
    let time = NaiveTime::from_hms_opt(hour, minute, second).ok_or(NO_CLOCK)?;
    Ok((time.with_nanosecond(nanos).ok_or(NO_CLOCK)?, TimeDelta::seconds(carry_s)))
}

/// Hour, minute and second, with separators or six digits without.
fn clock_parts(text: &str) -> Result<[u32; 3], &'static str> {
    if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let part = |from: usize| number(&text[from..from + 2]).ok_or(NO_TIME);
        return Ok([part(0)?, part(2)?, part(4)?]);
    }
    let mut parts = text.split([':', '-']);
    let mut part = |missing| {
        let part = parts.next().ok_or(missing)?;
        match part.trim() {
            "" => Err(missing),
            _ if part.len() > 2 => Err(NO_TIME),
            _ => number(part).ok_or(NO_TIME),
        }
    };
    let (hour, minute) = (part("has no hour")?, part("has no minutes")?);
    // Without seconds, the minute needs two digits: with one digit it was probably truncated.
    let has_seconds = text.matches([':', '-']).count() > 1;
    let is_whole = !has_seconds && text[text.len() - 2..].bytes().all(|byte| byte.is_ascii_digit());
    let second = if is_whole { 0 } else { part("has no seconds")? };
    match parts.next() {
        None => Ok([hour, minute, second]),
        Some(_) => Err(NO_TIME),
    }
}

/// Splits `14:38:40:794` before the three digits of its milliseconds.
fn split_milliseconds(text: &str) -> (&str, &str) {
    let is_ms = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.rsplit_once(':') {
        Some((whole, ms)) if is_ms(ms) && whole.matches(':').count() == 2 => (whole, ms),
        _ => (text, ""),
    }
}

/// AM (false) or PM (true) after a 12-hour time.
fn split_half(text: &str) -> (&str, Option<bool>) {
    let halves = [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)];
    let lower = text.to_ascii_lowercase();
    let found = halves.into_iter().find(|(name, _)| lower.ends_with(name));
    match found {
        Some((name, is_pm)) => (text[..text.len() - name.len()].trim_end(), Some(is_pm)),
        None => (text, None),
    }
}

fn in_day(hour: u32, is_pm: bool) -> Result<u32, &'static str> {
    match (hour, is_pm) {
        (1..=12, is_pm) => Ok(hour % 12 + if is_pm { 12 } else { 0 }),
        _ => Err(NO_CLOCK),
    }
}
