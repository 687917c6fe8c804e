//! Converts cells to numbers and booleans, for code that computes with them.

use std::borrow::Cow;

use super::{Field, Row, WrongValue};
use crate::value::instant;

impl Row {
    /// A finite number; an error names the text and the column.
    pub fn number(&self, field: Field) -> Result<Option<f64>, WrongValue> {
        let Some(text) = self.get(field) else { return Ok(None) };
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(self.wrong(field, "a number")),
        }
    }

    /// A whole number; `1624789614209.0` counts as one, because some programs write times that way.
    pub fn integer(&self, field: Field) -> Result<Option<i64>, WrongValue> {
        let Some(text) = self.get(field) else { return Ok(None) };
        if let Ok(number) = text.trim().parse::<i64>() {
            return Ok(Some(number));
        }
        match text.trim().parse::<f64>() {
            // Above 2^53 an `f64` cannot hold every whole number.
            Ok(number) if number.fract() == 0.0 && number.abs() < 9e15 => Ok(Some(number as i64)),
            _ => Err(self.wrong(field, "a whole number")),
        }
    }

    /// An instant in ms since 1970 UTC, within the years 1 to 9999. Microseconds and seconds are a mistake that would go
    /// into files.
    pub fn instant_ms(&self, field: Field) -> Result<Option<i64>, WrongValue> {
        match self.integer(field)? {
            Some(ms) if !instant::is_in_calendar(ms) => {
                Err(self.wrong(field, "a time in ms since 1970, in the years 1 to 9999"))
            }
            Some(ms) => match instant::date_if_seconds(ms) {
                Some(date) => Err(self.wrong(field, in_seconds(ms, date))),
                None => Ok(Some(ms)),
            },
            None => Ok(None),
        }
    }

    /// A boolean, in the spellings of JSON, Python and spreadsheets.
    pub fn flag(&self, field: Field) -> Result<Option<bool>, WrongValue> {
        match self.get(field).map(str::trim) {
            None => Ok(None),
            Some("true" | "True" | "TRUE" | "1") => Ok(Some(true)),
            Some("false" | "False" | "FALSE" | "0") => Ok(Some(false)),
            Some(_) => Err(self.wrong(field, "true or false")),
        }
    }

    /// The error for a value that is not of the expected kind.
    pub fn wrong(&self, field: Field, wanted: impl Into<Cow<'static, str>>) -> WrongValue {
        let text = self.get(field).unwrap_or_default().to_string();
        WrongValue { text, field, wanted: wanted.into() }
    }
}

fn in_seconds(ms: i64, date: String) -> String {
    let early = instant::format_date(ms).unwrap_or_default();
    format!("a time in ms since 1970: it would be {early}, and as seconds {date}; multiply by 1000")
}
