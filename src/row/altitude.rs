//! The height of the place in a row: `altitude`, or the third number of a `geometry` that was kept whole.

use super::{Field, Row, WrongValue, point_parser};
use serde_json::Value;

/// Two heights that are farther apart, in metres, are not one that was rounded.
const APART_M: f64 = 0.01;

/// The height of a row, in metres.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Altitude {
    /// That of `altitude`, otherwise that of the geometry.
    pub m: Option<f64>,
    /// That of the geometry, if `altitude` contradicts it.
    pub other_m: Option<f64>,
}

impl Altitude {
    /// # Errors
    /// If `altitude` is not a number.
    pub fn of(row: &Row) -> Result<Altitude, WrongValue> {
        let own = row.number(Field::Altitude)?;
        let whole = row.columns().place_of(GEOMETRY).map(|at| row.cell(at));
        let other = whole.filter(|text| !text.is_empty()).and_then(|text| height_of(row, text));
        let is_apart = own.zip(other).is_some_and(|(own, other)| (own - other).abs() > APART_M);
        Ok(Altitude { m: own.or(other), other_m: other.filter(|_| is_apart) })
    }
}

/// What to say of rows with two heights that differ.
pub const TWO_HEIGHTS: &str =
    "altitude and the height in 'geometry' of some rows differ: altitude is used";

const GEOMETRY: &str = "geometry";

/// The third number of a point, if it is that of the place in the row, which a tool may have replaced.
fn height_of(row: &Row, text: &str) -> Option<f64> {
    let [lon, lat, height_m] = if text.trim_start().starts_with('{') {
        let object: Value = serde_json::from_str(text).ok()?;
        let number = |at: usize| {
            let value = &object["coordinates"][at];
            value.as_f64().or_else(|| value.as_str()?.parse().ok())
        };
        [number(0)?, number(1)?, number(2)?]
    } else {
        let place = point_parser::of_wkt(text).filter(|place| !place.is_all)?;
        let height = text[place.lat.end..].trim().trim_end_matches(')');
        let number = |text: &str| text.trim().parse::<f64>().ok();
        [number(&text[place.lon])?, number(&text[place.lat])?, number(height)?]
    };
    let is = |field, deg| row.number(field).ok().flatten() == Some(deg);
    (is(Field::Lon, lon) && is(Field::Lat, lat) && height_m.is_finite()).then_some(height_m)
}

#[cfg(test)]
mod tests;
