//! The GPS directory: place, height, directions, speed and time as numbers, and back (Exif 2.32, 4.6.6).

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::{
    tags::{self, Tag},
    times,
    value::{Raw, Value, coded_text, read_coded_text},
    write::Edit,
};

/// What the GPS directory says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gps {
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    /// Metres, negative below.
    pub altitude_m: Option<f64>,
    pub utc: Option<NaiveDateTime>,
    pub img_direction: Option<Direction>,
    pub track: Option<Direction>,
    pub speed_kmh: Option<f64>,
    pub dop: Option<f64>,
    pub h_error_m: Option<f64>,
    pub status: Option<String>,
    pub map_datum: Option<String>,
    pub processing_method: Option<String>,
}

/// An angle clockwise from north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction {
    pub deg: f64,
    /// North is where a compass points, not the pole.
    pub magnetic: bool,
}

/// Reads the directory through `get`; each value that cannot be read goes to `fault`.
pub fn read(mut get: impl FnMut(Tag) -> Option<Raw>, mut fault: impl FnMut(Tag, String)) -> Gps {
    let mut or_fault = |tag, read: Result<Option<f64>, String>| {
        read.unwrap_or_else(|what| {
            fault(tag, what);
            None
        })
    };
    let lat = angle(get(tags::GPS_LATITUDE), get(tags::GPS_LATITUDE_REF), ['N', 'S'], 90.0);
    let lon = angle(get(tags::GPS_LONGITUDE), get(tags::GPS_LONGITUDE_REF), ['E', 'W'], 180.0);
    let altitude = altitude(get(tags::GPS_ALTITUDE), get(tags::GPS_ALTITUDE_REF));
    let mut gps = Gps {
        lat: or_fault(tags::GPS_LATITUDE, lat),
        lon: or_fault(tags::GPS_LONGITUDE, lon),
        altitude_m: or_fault(tags::GPS_ALTITUDE, altitude),
        img_direction: direction(&mut get, tags::GPS_IMG_DIRECTION, tags::GPS_IMG_DIRECTION_REF),
        track: direction(&mut get, tags::GPS_TRACK, tags::GPS_TRACK_REF),
        speed_kmh: speed_kmh(get(tags::GPS_SPEED), get(tags::GPS_SPEED_REF)),
        dop: get(tags::GPS_DOP).and_then(|raw| raw.ratio(0)),
        h_error_m: get(tags::GPS_H_POSITIONING_ERROR).and_then(|raw| raw.ratio(0)),
        status: words(get(tags::GPS_STATUS)),
        map_datum: words(get(tags::GPS_MAP_DATUM)),
        processing_method: get(tags::GPS_PROCESSING_METHOD).as_ref().and_then(read_coded_text),
        utc: None,
    };
    // A receiver without a fix writes zeros with the status V; a place at 0, 0
    // without that status is a place.
    if gps.status.as_deref() == Some("V") && gps.lat == Some(0.0) && gps.lon == Some(0.0) {
        (gps.lat, gps.lon) = (None, None);
    }
    if gps.lat.is_some() != gps.lon.is_some() {
        fault(tags::GPS_LATITUDE, "only one of latitude and longitude can be read".into());
        (gps.lat, gps.lon) = (None, None);
    }
    gps.utc = utc(get(tags::GPS_DATE_STAMP), get(tags::GPS_TIME_STAMP)).unwrap_or_else(|what| {
        fault(tags::GPS_TIME_STAMP, what);
        None
    });
    gps
}

fn words(raw: Option<Raw>) -> Option<String> {
    raw?.text().filter(|text| !text.is_empty())
}

/// Degrees with sign. Absent when all parts are 0/0, as cameras without a fix write.
fn angle(
    raw: Option<Raw>,
    sign: Option<Raw>,
    [plus, minus]: [char; 2],
    limit: f64,
) -> Result<Option<f64>, String> {
    let Some(raw) = raw else { return Ok(None) };
    let parts: Vec<Option<f64>> = (0..raw.count.min(3) as usize).map(|i| raw.ratio(i)).collect();
    if parts.iter().all(Option::is_none) {
        return Ok(None);
    }
    let mut deg = 0.0;
    let mut exact = true;
    for (part, unit) in parts.iter().zip([1.0, 60.0, 3600.0]) {
        match part {
            Some(part) if unit > 1.0 && !(0.0..=60.0).contains(part) => {
                return Err(format!("has a part of {part}, minutes and seconds end at 60"));
            }
            Some(part) => {
                deg += part / unit;
                exact = part.fract() == 0.0;
            }
            // Seconds may be missing behind minutes with decimals, not behind whole ones.
            None if exact => return Err("has a part that cannot be read".into()),
            None => {}
        }
    }
    let sign = words(sign).and_then(|text| text.chars().next()).map(|c| c.to_ascii_uppercase());
    let signed = match sign {
        Some(c) if c == plus && deg >= 0.0 => deg,
        // Some programs write the sign twice.
        Some(c) if c == minus => -deg.abs(),
        Some(c) if c == plus => return Err(format!("is negative and has the reference {c}")),
        Some(c) => return Err(format!("has the reference '{c}', not {plus} or {minus}")),
        None => return Err(format!("has no reference {plus} or {minus}")),
    };
    match deg.abs() <= limit {
        true => Ok(Some(signed)),
        false => Err(format!("is {signed}, beyond {limit} degrees")),
    }
}

fn altitude(raw: Option<Raw>, below: Option<Raw>) -> Result<Option<f64>, String> {
    let Some(above_m) = raw.and_then(|raw| raw.ratio(0)) else { return Ok(None) };
    // Without a reference the standard's default holds: above sea level. The
    // digits 0 and 1 as text are a frequent mistake; 2 and 3 are Exif 3.0.
    let first = below.and_then(|raw| raw.bytes.first().copied());
    match first {
        None | Some(0 | 2 | b'0') => Ok(Some(above_m)),
        Some(1 | 3 | b'1') => Ok(Some(-above_m.abs())),
        Some(other) => Err(format!("has the unknown reference {other}")),
    }
}

fn direction(
    get: &mut impl FnMut(Tag) -> Option<Raw>,
    tag: Tag,
    reference: Tag,
) -> Option<Direction> {
    let deg = get(tag)?.ratio(0).filter(|deg| (-360.0..=360.0).contains(deg))?;
    let magnetic = words(get(reference)).is_some_and(|text| text.starts_with(['M', 'm']));
    Some(Direction { deg: deg.rem_euclid(360.0), magnetic })
}

/// K, M and N are km/h, miles/h and knots; K is the standard's default.
fn speed_kmh(raw: Option<Raw>, unit: Option<Raw>) -> Option<f64> {
    let speed = raw?.ratio(0).filter(|&speed| speed >= 0.0)?;
    match words(unit).and_then(|text| text.chars().next()) {
        None | Some('K' | 'k') => Some(speed),
        Some('M' | 'm') => Some(speed * 1.609_344),
        Some('N' | 'n') => Some(speed * 1.852),
        Some(_) => None,
    }
}

fn utc(date: Option<Raw>, time: Option<Raw>) -> Result<Option<NaiveDateTime>, String> {
    let parts = time.map(|raw| [raw.ratio(0), raw.ratio(1), raw.ratio(2)]);
    let date = match words(date) {
        Some(text) => {
            times::date(&text).map_err(|why| format!("has the date '{text}', which {why}"))?
        }
        None => None,
    };
    // A receiver that has not heard the date counts from the epoch of its clock.
    let epochs = [NaiveDate::from_ymd_opt(1970, 1, 1), NaiveDate::from_ymd_opt(1980, 1, 6)];
    let date = date.filter(|&date| !epochs.contains(&Some(date)));
    match (date, parts) {
        (Some(date), Some([Some(h), Some(m), Some(s)])) => {
            let in_range =
                (0.0..24.0).contains(&h) && (0.0..60.0).contains(&m) && (0.0..60.0).contains(&s);
            if !in_range {
                return Err(format!("is {h}:{m}:{s}, which no clock shows"));
            }
            let ms = ((h * 3600.0 + m * 60.0 + s) * 1000.0).round() as i64;
            Ok(Some(date.and_time(chrono::NaiveTime::MIN) + chrono::Duration::milliseconds(ms)))
        }
        _ => Ok(None),
    }
}

/// Degrees, minutes and seconds to a hundred thousandth (0.3 mm), rounded as a
/// whole, so that no part ever reads 60.
pub fn degrees(deg: f64) -> Value {
    const UNIT: u64 = 100_000;
    let total = (deg.abs() * 3600.0 * UNIT as f64).round() as u64;
    let (minutes, rest) = (total / (60 * UNIT), total % (60 * UNIT));
    Value::Rational(vec![
        ((minutes / 60) as u32, 1),
        ((minutes % 60) as u32, 1),
        (rest as u32, UNIT as u32),
    ])
}

/// A number that is not negative, rounded to `1 / unit`.
pub fn fraction(number: f64, unit: u32) -> Value {
    Value::Rational(vec![((number.abs() * f64::from(unit)).round() as u32, unit)])
}

/// An angle to a hundredth of a degree; 359.999 is north, not 360.
pub fn bearing(deg: f64) -> Value {
    Value::Rational(vec![((deg.rem_euclid(360.0) * 100.0).round() as u32 % 36_000, 100)])
}

/// The edits that set a whole position. What the fix lacks goes, so that no
/// old height or time stays beside a new place; its direction is left alone.
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
        // Facts of the old fix, which no row carries.
        (tags::GPS_SATELLITES, None),
        (tags::GPS_STATUS, None),
        (tags::GPS_MEASURE_MODE, None),
        (tags::GPS_DOP, gps.dop.map(|dop| fraction(dop, 100))),
        (tags::GPS_SPEED_REF, gps.speed_kmh.map(|_| letter("K"))),
        (tags::GPS_SPEED, gps.speed_kmh.map(|kmh| fraction(kmh, 100))),
        (tags::GPS_TRACK_REF, gps.track.map(magnetic)),
        (tags::GPS_TRACK, gps.track.map(|track| bearing(track.deg))),
        (tags::GPS_MAP_DATUM, Some(letter("WGS-84"))),
        (tags::GPS_PROCESSING_METHOD, gps.processing_method.as_deref().map(coded_text)),
        (tags::GPS_H_POSITIONING_ERROR, gps.h_error_m.map(|m| fraction(m, 100))),
    ]
    .into_iter()
    .map(|(tag, value)| Edit { tag, value })
    .collect()
}

/// The edits that set where the lens looked.
pub fn direction_edits(direction: Direction) -> Vec<Edit> {
    let north = if direction.magnetic { "M" } else { "T" };
    vec![
        Edit { tag: tags::GPS_IMG_DIRECTION_REF, value: Some(Value::Ascii(north.into())) },
        Edit { tag: tags::GPS_IMG_DIRECTION, value: Some(bearing(direction.deg)) },
    ]
}
