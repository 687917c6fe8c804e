//! The fields of a sentence: numbers, times, dates, positions.

use chrono::{NaiveDate, NaiveTime};

use crate::format::track::point::{is_course, is_speed};
use crate::value::geo::Position;

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

    pub fn course_deg(&self, at: usize) -> Option<f64> {
        self.number(at).filter(is_course)
    }

    /// `hhmmss.sss`; a leap second counts as the second before it.
    pub fn time(&self, at: usize) -> Option<NaiveTime> {
        let text = self.get(at)?;
        let (hours, minutes, seconds) = (text.get(..2)?, text.get(2..4)?, text.get(4..)?);
        let seconds: f64 = seconds.parse().ok().filter(|s| (0.0..61.0).contains(s))?;
        let second_ms = ((seconds.min(59.999)) * 1000.0).round() as u32;
        let (hours, minutes) = (hours.parse().ok()?, minutes.parse().ok()?);
        NaiveTime::from_hms_milli_opt(hours, minutes, second_ms / 1000, second_ms % 1000)
    }

    /// `ddmmyy`.
    pub fn date(&self, at: usize) -> Option<NaiveDate> {
        let text = self.get(at).filter(|text| text.len() == 6 && text.is_ascii())?;
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
