//! The start time and the interval between pictures.

use std::str::FromStr;

use chrono::FixedOffset;

use crate::format::exif::times;
use crate::photo::camera;
use crate::value::instant::LocalTime;

/// A flag value that is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    #[error("'{text}' {why}, such as 2024-05-01T12:00:00")]
    Date { text: String, why: &'static str },
    #[error("'{0}' is not a number of seconds such as 2, 0.5 or -1")]
    Interval(String),
}

/// The time of the first picture by its clock, and the offset from UTC if the text has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    pub local: LocalTime,
    pub offset: Option<FixedOffset>,
}

impl FromStr for Start {
    type Err = FlagError;

    /// Parses `2024-05-01T12:00:00.5`, with or without an offset after it.
    fn from_str(text: &str) -> Result<Self, FlagError> {
        let wrong = |why| FlagError::Date { text: text.to_string(), why };
        let time = times::date_time(text).map_err(wrong)?;
        let time = time.ok_or_else(|| wrong("is not a date and time"))?;
        Ok(Start { local: camera::local_time(time.local), offset: time.offset })
    }
}

/// The time from one picture to the next, in nanoseconds; negative if the first is the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval(i64);

impl FromStr for Interval {
    type Err = FlagError;

    /// Parses seconds with at most 9 decimals, without converting to a double: a thousand intervals of 0.1 are 100
    /// seconds.
    fn from_str(text: &str) -> Result<Self, FlagError> {
        let wrong = || FlagError::Interval(text.to_string());
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        // An interval of 10 million seconds (115 days) or more is a typing error.
        let is_number =
            digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
        if !is_number || whole.len() > 7 || fraction.len() > 9 {
            return Err(wrong());
        }
        let seconds: i64 = format!("0{whole}").parse().map_err(|_| wrong())?;
        let nanos: i64 = format!("{fraction:0<9}").parse().map_err(|_| wrong())?;
        Ok(Interval(sign * (seconds * 1_000_000_000 + nanos)))
    }
}

impl Interval {
    /// This many intervals, to the nearest millisecond.
    pub fn times_ms(self, number: u64) -> i64 {
        let ns = i128::from(self.0) * i128::from(number);
        let ms = (ns + 500_000).div_euclid(1_000_000);
        i64::try_from(ms).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests;
