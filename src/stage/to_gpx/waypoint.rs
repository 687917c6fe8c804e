//! Photos and fixes as waypoints, and XML-safe text.

use gpx::Waypoint;
use time::OffsetDateTime;

use crate::photo::capture_facts::Photo;
use crate::row::{Field, Row};
use crate::shape::Diagnostics;
use crate::value::height_validity::Heights;
use crate::value::track::Fix;

/// Text without the control characters that XML does not allow (XML 1.0, 2.2).
pub fn xml_text(text: &str, notes: &dyn Diagnostics) -> String {
    let is_char =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.chars().all(is_char) {
        return text.to_string();
    }
    notes.once("control characters in names, which XML cannot hold, are written as U+FFFD");
    text.chars().map(|c| if is_char(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// `None` before the year 0 and after 9999, which are outside XML dates.
fn instant(time_ms: i64) -> Option<OffsetDateTime> {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(time_ms) * 1_000_000).ok();
    time.filter(|time| (0..=9999).contains(&time.year()))
}

pub fn waypoint(fix: &Fix) -> Waypoint {
    let place = fix.position;
    let mut point = Waypoint::new(geo::Point::new(place.lon_deg(), place.lat_deg()));
    (point.elevation, point.hdop) = (fix.ele_m.get(), fix.hdop.get());
    point.time = instant(fix.time_ms).map(Into::into);
    point
}

pub fn point(
    row: &Row,
    photo: &Photo,
    is_captured: bool,
    heights: Heights,
    notes: &dyn Diagnostics,
) -> Option<Waypoint> {
    let place = photo.position?;
    let mut point = Waypoint::new(geo::Point::new(place.lon_deg(), place.lat_deg()));
    let altitude = row.number(Field::Altitude).ok().flatten();
    point.elevation = altitude.and_then(|m| heights.read(m, None).ok());
    let time = is_captured.then(|| instant(photo.time_ms)).flatten();
    if is_captured && time.is_none() {
        notes.count("without a time that GPX can hold", 1);
    }
    point.time = time.map(Into::into);
    let name = row.get(Field::Path).or_else(|| row.get(Field::ImgId));
    point.name = name.map(|name| xml_text(name, notes));
    Some(point)
}
