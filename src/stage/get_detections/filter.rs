//! The filter for detections.

use std::str::FromStr;

use crate::row::Row;
use crate::shape::RowError;
use crate::value::glob;

use super::detection::Detection;

/// The conditions on a detection. Absent conditions are empty.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Patterns, of which at least one must match.
    pub values: Vec<String>,
    pub min_area: Option<MinArea>,
}

/// A text that is not an area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an area such as 0.001 or 0.1% of the picture, or 400px")]
pub struct NoArea(String);

/// The minimum area: `0.001` of the picture, `0.1%` of it, or `400px`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MinArea {
    Part(f64),
    Pixels(f64),
}

impl FromStr for MinArea {
    type Err = NoArea;

    fn from_str(text: &str) -> Result<MinArea, NoArea> {
        let wrong = || NoArea(text.to_string());
        let number = |text: &str| {
            let number = text.trim().parse::<f64>().ok();
            number.filter(|number| number.is_finite() && *number >= 0.0).ok_or_else(wrong)
        };
        let part = |part: f64| if part <= 1.0 { Ok(MinArea::Part(part)) } else { Err(wrong()) };
        match (text.strip_suffix("px"), text.strip_suffix('%')) {
            (Some(pixels), _) => number(pixels).map(MinArea::Pixels),
            (_, Some(percent)) => part(number(percent)? / 100.0),
            _ => part(number(text)?),
        }
    }
}

impl Filter {
    /// Whether the detection is passed on. A detection without a polygon has no area.
    ///
    /// # Errors
    /// If an area in pixels is given, and the size of the picture is unknown.
    pub fn keeps(&self, found: &Detection) -> Result<bool, (Row, RowError)> {
        if !self.values.is_empty()
            && !self.values.iter().any(|pattern| glob::is_match(pattern, &found.value))
        {
            return Ok(false);
        }
        let area = found.area.as_ref().map_or(0.0, |area| area.area());
        match (self.min_area, found.size) {
            (None, _) => Ok(true),
            (Some(MinArea::Part(least)), _) => Ok(area >= least),
            (Some(MinArea::Pixels(least)), Some((width, height))) => {
                Ok(area * width * height >= least)
            }
            (Some(MinArea::Pixels(_)), None) => Err((
                found.row.clone(),
                "no width and height: how many pixels it covers is not known".into(),
            )),
        }
    }
}

#[cfg(test)]
mod tests;
