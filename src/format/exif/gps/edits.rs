//! The edits of the GPS directory for a position and directions.

use chrono::{Datelike, Timelike};

use super::{Direction, Gps};
use crate::format::exif::{
    tags::{self, Tag},
    value::{Value, coded_text},
    write::Edit,
};
use crate::value::geo::rounded_deg;

/// Degrees, minutes and seconds in hundred-thousandths (0.3 mm), rounded before they are split, so that no part
/// is ever 60.
fn degrees(deg: f64) -> Value {
    const UNIT: u64 = 100_000;
    let total = (deg.abs() * 3600.0 * UNIT as f64).round() as u64;
    let (minutes, rest) = (total / (60 * UNIT), total % (60 * UNIT));
    Value::Rational(vec![
        ((minutes / 60) as u32, 1),
        ((minutes % 60) as u32, 1),
        (rest as u32, UNIT as u32),
    ])
}

/// A non-negative number, rounded to `1 / unit`.
fn fraction(number: f64, unit: u32) -> Value {
    Value::Rational(vec![((number.abs() * f64::from(unit)).round() as u32, unit)])
}

/// An angle in hundredths of a degree; 359.999 becomes 0, not 360.
fn bearing(deg: f64) -> Value {
    Value::Rational(vec![((rounded_deg(deg, 2) * 100.0).round() as u32, 100)])
}

/// The edits that set a whole position. Values that the fix lacks are deleted, so that no old altitude or time
/// remains next to a new position; the image direction is not changed.
pub fn position_edits(gps: &Gps) -> Vec<Edit> {
    let (Some(lat), Some(lon)) = (gps.lat, gps.lon) else { return Vec::new() };
    let letter = |text: &str| Value::Ascii(text.into());
    let day = gps
        .utc
        .map(|utc| Value::Ascii(format!("{:04}:{:02}:{:02}", utc.year(), utc.month(), utc.day())));
    let clock = gps.utc.map(|utc| {
        let ms = utc.second() * 1000 + utc.nanosecond() / 1_000_000;
        let seconds = if ms % 1000 == 0 { (ms / 1000, 1) } else { (ms, 1000) };
        Value::Rational(vec![(utc.hour(), 1), (utc.minute(), 1), seconds])
    });
    let magnetic = |direction: Direction| letter(if direction.magnetic { "M" } else { "T" });
    [
        (tags::GPS_VERSION_ID, Some(Value::Byte(vec![2, 3, 0, 0]))),
        (tags::GPS_LATITUDE_REF, Some(letter(if lat < 0.0 { "S" } else { "N" }))),
        (tags::GPS_LATITUDE, Some(degrees(lat))),
        (tags::GPS_LONGITUDE_REF, Some(letter(if lon < 0.0 { "W" } else { "E" }))),
        (tags::GPS_LONGITUDE, Some(degrees(lon))),
        (tags::GPS_ALTITUDE_REF, gps.altitude_m.map(|m| Value::Byte(vec![u8::from(m < 0.0)]))),
        (tags::GPS_ALTITUDE, gps.altitude_m.map(|m| fraction(m, 1000))),
        (tags::GPS_TIME_STAMP, clock),
        (tags::GPS_DATE_STAMP, day),
        // Properties of the old fix, for which rows have no column.
        (tags::GPS_SATELLITES, None),
        (tags::GPS_STATUS, None),
        (tags::GPS_MEASURE_MODE, None),
        (tags::GPS_H_POSITIONING_ERROR, None),
        (tags::GPS_DOP, gps.dop.map(|dop| fraction(dop, 100))),
        (tags::GPS_SPEED_REF, gps.speed_kmh.map(|_| letter("K"))),
        (tags::GPS_SPEED, gps.speed_kmh.map(|kmh| fraction(kmh, 100))),
        (tags::GPS_TRACK_REF, gps.track.map(magnetic)),
        (tags::GPS_TRACK, gps.track.map(|track| bearing(track.deg))),
        (tags::GPS_MAP_DATUM, Some(letter("WGS-84"))),
        (tags::GPS_PROCESSING_METHOD, gps.processing_method.as_deref().map(coded_text)),
    ]
    .into_iter()
    .map(|(tag, value)| Edit { tag, value })
    .collect()
}

/// The edits that delete further data about an old position: its name, and the position, bearing and distance
/// of the subject.
pub fn old_place_edits() -> impl Iterator<Item = Edit> {
    OF_OLD_PLACE.into_iter().map(|tag| Edit { tag, value: None })
}

const OF_OLD_PLACE: [Tag; 10] = [
    tags::GPS_DEST_LATITUDE_REF,
    tags::GPS_DEST_LATITUDE,
    tags::GPS_DEST_LONGITUDE_REF,
    tags::GPS_DEST_LONGITUDE,
    tags::GPS_DEST_BEARING_REF,
    tags::GPS_DEST_BEARING,
    tags::GPS_DEST_DISTANCE_REF,
    tags::GPS_DEST_DISTANCE,
    tags::GPS_AREA_INFORMATION,
    tags::GPS_DIFFERENTIAL,
];

/// The edits that set the direction of the lens.
pub fn direction_edits(direction: Direction) -> Vec<Edit> {
    let north = if direction.magnetic { "M" } else { "T" };
    vec![
        Edit { tag: tags::GPS_IMG_DIRECTION_REF, value: Some(Value::Ascii(north.into())) },
        Edit { tag: tags::GPS_IMG_DIRECTION, value: Some(bearing(direction.deg)) },
    ]
}
