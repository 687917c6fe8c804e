//! The GPS directory: position, altitude, directions, speed and time, read and written as numbers (Exif 2.32, 4.6.6).

mod edits;
mod references;

use chrono::NaiveDateTime;

pub use edits::{direction_edits, old_place_edits, position_edits};
pub use references::{direction, in_kmh, is_below, other_datum, void};

pub use super::invalid_gps_value::GpsError;
use super::{
    gps_time,
    tag_reader::{TagReader, part},
    tags::{self, Tag},
    value::{Raw, kind, read_coded_text},
};

/// The content of the GPS directory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gps {
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    /// Metres, negative below sea level.
    pub altitude_m: Option<f64>,
    /// The altitude if its numerator lost its sign, where that is possible.
    pub altitude_wrapped_m: Option<f64>,
    pub utc: Option<NaiveDateTime>,
    pub img_direction: Option<Direction>,
    pub track: Option<Direction>,
    pub speed_kmh: Option<f64>,
    pub dop: Option<f64>,
    pub status: Option<String>,
    pub processing_method: Option<String>,
}

/// An angle clockwise from north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction {
    pub deg: f64,
    /// Relative to magnetic north instead of true north.
    pub magnetic: bool,
}

/// Reads the directory.
pub(super) fn read(from: &mut TagReader) -> Gps {
    let mut gps = Gps {
        lat: angle(from, tags::GPS_LATITUDE, tags::GPS_LATITUDE_REF, ['N', 'S'], 90.0),
        lon: angle(from, tags::GPS_LONGITUDE, tags::GPS_LONGITUDE_REF, ['E', 'W'], 180.0),
        altitude_m: altitude(from),
        altitude_wrapped_m: altitude_wrapped(from),
        img_direction: direction_of(from, tags::GPS_IMG_DIRECTION, tags::GPS_IMG_DIRECTION_REF),
        track: direction_of(from, tags::GPS_TRACK, tags::GPS_TRACK_REF),
        speed_kmh: speed_kmh(from),
        dop: not_negative(from, tags::GPS_DOP),
        status: from.words(tags::GPS_STATUS),
        processing_method: from.raw(tags::GPS_PROCESSING_METHOD).and_then(read_coded_text),
        utc: gps_time::utc(from),
    };
    // A receiver without a fix writes zeros, with or without the status V. Nobody takes photos at exactly 0, 0,
    // and the other values do not belong to a position then either.
    if gps.lat == Some(0.0) && gps.lon == Some(0.0) {
        from.remark(tags::GPS_LATITUDE, "and GPSLongitude are 0, 0, which is not a place");
        (gps.lat, gps.lon) = (None, None);
        (gps.altitude_m, gps.altitude_wrapped_m) = (None, None);
        (gps.track, gps.speed_kmh, gps.dop) = (None, None, None);
    }
    if gps.lat.is_some() != gps.lon.is_some() {
        from.fault(tags::GPS_LATITUDE, "only one of latitude and longitude can be read");
        (gps.lat, gps.lon) = (None, None);
    }
    if gps.lat.is_some() {
        remark_on_place(from, gps.status.as_deref());
    }
    gps
}

/// What speaks against a position that is used all the same.
fn remark_on_place(from: &mut TagReader, status: Option<&str>) {
    let datum = from.words(tags::GPS_MAP_DATUM);
    if let Some(why) = references::other_datum(datum.as_deref()) {
        from.remark(tags::GPS_MAP_DATUM, why);
    }
    if let Some(why) = references::void(status) {
        from.remark(tags::GPS_STATUS, why);
    }
}

/// Signed degrees.
fn angle(from: &mut TagReader, tag: Tag, sign: Tag, letters: [char; 2], limit: f64) -> Option<f64> {
    let deg = degrees_of(from.raw(tag)?);
    let deg = from.or_fault(tag, deg)?;
    let sign = from.letter(sign);
    let signed = signed(deg, sign, letters).and_then(|signed| {
        if deg.abs() <= limit {
            Ok(Some(signed))
        } else {
            Err(GpsError::Beyond { deg: signed, limit })
        }
    });
    from.or_fault(tag, signed)
}

/// Degrees, minutes and seconds as one number. Absent if all parts are 0/0, as cameras without a fix write.
fn degrees_of(raw: &Raw) -> Result<Option<f64>, GpsError> {
    let parts: Result<Vec<_>, _> = (0..raw.count.min(3) as usize).map(|i| part(raw, i)).collect();
    let parts = parts?;
    if parts.iter().all(Option::is_none) {
        return Ok(None);
    }
    // The sign of the first part is that of the whole: -52 30 0 is -52.5.
    let is_negative = parts.first().is_some_and(|part| part.is_some_and(|deg| deg < 0.0));
    let mut deg = 0.0;
    let mut exact = true;
    for (part, unit) in parts.iter().zip([1.0, 60.0, 3600.0]) {
        match part {
            Some(part) if unit > 1.0 && !(0.0..=60.0).contains(part) => {
                return Err(GpsError::PartBeyond60(*part));
            }
            Some(part) => {
                deg += part.abs() / unit;
                exact = part.fract() == 0.0;
            }
            // Seconds may be missing if the minutes have decimals, but not if they are whole.
            None if exact => return Err(GpsError::UnreadPart),
            None => {}
        }
    }
    Ok(Some(if is_negative { -deg } else { deg }))
}

fn signed(deg: f64, sign: Option<char>, [plus, minus]: [char; 2]) -> Result<f64, GpsError> {
    match sign {
        Some(c) if c == plus && deg >= 0.0 => Ok(deg),
        // Some programs write the sign twice.
        Some(c) if c == minus => Ok(-deg.abs()),
        Some(c) if c == plus => Err(GpsError::NegativeWith(c)),
        Some(c) => Err(GpsError::OtherReference { found: c, plus, minus }),
        None => Err(GpsError::NoReference { plus, minus }),
    }
}

/// Signed metres.
fn altitude(from: &mut TagReader) -> Option<f64> {
    let above_m = from.number(tags::GPS_ALTITUDE)?;
    let reference = from.raw(tags::GPS_ALTITUDE_REF).and_then(reference_text);
    let below = references::is_below(reference.as_deref());
    let signed = below.map(|below| Some(if below { -above_m.abs() } else { above_m }));
    from.or_fault(tags::GPS_ALTITUDE, signed)
}

/// A reference that is a number. Some programs write it as a SHORT, whose first byte is meaningless in big-endian
/// order, some write digits as text, and some declare a byte to be text.
fn reference_text(raw: &Raw) -> Option<String> {
    let number = raw.uint(0).or(raw.bytes.first().map(|&byte| u32::from(byte)));
    match number? {
        digit @ 0x30..=0x39 => Some((digit - 0x30).to_string()),
        number if raw.kind != kind::ASCII || number < 0x20 => Some(number.to_string()),
        _ => raw.text(),
    }
}

/// An altitude below 0 that was written as an unsigned numerator, whatever its reference is.
fn altitude_wrapped(from: &TagReader) -> Option<f64> {
    let (above, below) = from.raw(tags::GPS_ALTITUDE)?.fraction(0)?;
    let wrapped = (above > i64::from(i32::MAX) && below > 0).then_some(above - (1 << 32))?;
    Some(wrapped as f64 / below as f64)
}

fn direction_of(from: &mut TagReader, tag: Tag, reference: Tag) -> Option<Direction> {
    let deg = from.number(tag)?;
    let direction = references::direction(deg, from.letter(reference)).map(Some);
    from.or_fault(tag, direction)
}

fn speed_kmh(from: &mut TagReader) -> Option<f64> {
    let speed = not_negative(from, tags::GPS_SPEED)?;
    let unit = from.letter(tags::GPS_SPEED_REF);
    let wrong = || format!("has the unknown unit '{}'", unit.unwrap_or_default());
    from.or_fault(tags::GPS_SPEED, in_kmh(speed, unit).map(Some).ok_or_else(wrong))
}

fn not_negative(from: &mut TagReader, tag: Tag) -> Option<f64> {
    let number = from.number(tag)?;
    let wrong = || format!("is {number}, below 0");
    from.or_fault(tag, (number >= 0.0).then_some(Some(number)).ok_or_else(wrong))
}

#[cfg(test)]
mod tests;
