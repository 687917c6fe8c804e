//! The fields of a sentence: numbers, times, dates, positions.

use chrono::{NaiveDate, NaiveTime};

use crate::format::track::point::{is_course, is_speed};
use crate::value::geo::Position;

const KMH_PER_KNOT: f64 = 1.852;

/// The fields of a sentence after its address.
pub struct SentenceFields<'a>(pub Vec<&'a str>);

impl<'a> SentenceFields<'a> {
    pub fn get(&self, at: usize) -> Option<&'a str> {
        self.0.get(at).map(|field| field.trim()).filter(|field| !field.is_empty())
    }

    pub fn number(&self, at: usize) -> Option<f64> {
        self.get(at)?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// A speed in the unit of the field.
    pub fn speed(&self, at: usize) -> Option<f64> {
        self.number(at).filter(is_speed)
    }

    /// A speed in knots, as km/h.
    pub fn knots_kmh(&self, at: usize) -> Option<f64> {
        self.speed(at).map(|knots| knots * KMH_PER_KNOT)
    }

    /// Two fields: a height and its unit, which is always M, for metres.
    pub fn height_m(&self, at: usize) -> Option<f64> {
        let is_metres = self.get(at + 1).is_none_or(|unit| unit.eq_ignore_ascii_case("M"));
        self.number(at).filter(|_| is_metres)
    }

    pub fn hdop(&self, at: usize) -> Option<f64> {
        self.number(at).filter(|hdop| *hdop >= 0.0)
    }

    pub fn course_deg(&self, at: usize) -> Option<f64> {
        self.number(at).filter(is_course)
    }

    /// `hhmmss.sss`; a leap second counts as the second before it. Without a leading zero, or cut off, the digits would
    /// be another time, so there must be six of them.
    pub fn time(&self, at: usize) -> Option<NaiveTime> {
        let text = self.get(at)?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.len() != 6 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let seconds: f64 = text[4..].parse().ok().filter(|seconds| *seconds < 61.0)?;
        let second_ms = ((seconds.min(59.999)) * 1000.0).round() as u32;
        let (hours, minutes) = (text[..2].parse().ok()?, text[2..4].parse().ok()?);
        NaiveTime::from_hms_milli_opt(hours, minutes, second_ms / 1000, second_ms % 1000)
    }

    /// `ddmmyy`.
    pub fn date(&self, at: usize) -> Option<NaiveDate> {
        let text = self.get(at).filter(|text| text.len() == 6 && digits(text))?;
        let two = |from: usize| text[from..from + 2].parse::<u32>().ok();
        let (day, month, year) = (two(0)?, two(2)?, two(4)?);
        // GPS time starts in 1980.
        let century = if year < 80 { 2000 } else { 1900 };
        NaiveDate::from_ymd_opt(century + year as i32, month, day)
    }

    /// Four fields: `ddmm.mmmm,N,dddmm.mmmm,E`.
    pub fn position(&self, at: usize) -> Option<Position> {
        let degrees = |at: usize, positive: &str, negative: &str| {
            let joined = self.number(at)?;
            let (whole, minutes) = ((joined / 100.0).trunc(), joined % 100.0);
            let deg = (joined >= 0.0 && minutes < 60.0).then_some(whole + minutes / 60.0)?;
            match self.get(at + 1)? {
                side if side.eq_ignore_ascii_case(positive) => Some(deg),
                side if side.eq_ignore_ascii_case(negative) => Some(-deg),
                _ => None,
            }
        };
        let lat_deg = degrees(at, "N", "S")?;
        Position::new(degrees(at + 2, "E", "W")?, lat_deg).ok()
    }
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
