//! A position in KML, and the point made from it.

use super::super::point::TrackPoint;
use super::super::scalars;
use crate::format::{ErrorLocation, parsed_track::Recording};
use crate::value::geo::Position;

const ABOVE_GROUND: &str = "heights above ground left out";

/// A position, and its height in metres if it has one; `None` if the text is blank or cannot be read.
pub type Coordinates = Option<(Position, Option<f64>)>;

/// `lon,lat,height` of a point, or `lon lat height` of a `gx:coord`. Between blanks, a comma is a decimal comma. More
/// than three parts are decimal commas between commas, or several places.
pub fn parse(text: &str) -> Coordinates {
    let is_blank = |c: char| c.is_ascii_whitespace();
    let between = if text.trim().contains(is_blank) { is_blank } else { |c| c == ',' };
    let parts = text.trim().split(between).map(|part| part.trim_matches(','));
    let mut numbers = parts.filter(|part| !part.is_empty()).map(scalars::number);
    let (lon_deg, lat_deg) = (numbers.next()??, numbers.next()??);
    let height_m = numbers.next().flatten();
    let position = Position::new(lon_deg, lat_deg).ok().filter(|_| numbers.next().is_none())?;
    Some((position, height_m))
}

/// A point without a time. `at` is its byte offset. A height above ground is dropped, because the elevation of
/// the ground is unknown.
pub fn point(
    at: usize,
    place: Coordinates,
    is_above_ground: bool,
    recording: &mut Recording,
) -> TrackPoint {
    let mut point = TrackPoint::new(byte(at), place.map(|(position, _)| position));
    point.ele_m = place.and_then(|(_, ele_m)| ele_m);
    if is_above_ground && point.ele_m.take().is_some() {
        recording.remark(ABOVE_GROUND, byte(at));
    }
    point
}

pub fn byte(at: usize) -> ErrorLocation {
    ErrorLocation::Byte(at as u64)
}

#[cfg(test)]
mod tests;
