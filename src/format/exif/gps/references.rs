//! The tags that say what the number beside them is relative to: the same rules for EXIF and for XMP, which has the
//! same tags as text.

use super::{Direction, GpsError};

/// Whether a height is below the sea, by GPSAltitudeRef. Without it, the default of the standard applies: above. 2 and
/// 3 are from Exif 3.0.
///
/// # Errors
/// If the reference is unknown.
pub fn is_below(reference: Option<&str>) -> Result<bool, GpsError> {
    match reference.map(str::trim) {
        None | Some("" | "0" | "2") => Ok(false),
        Some("1" | "3") => Ok(true),
        Some(other) => Err(GpsError::UnknownReference(other.into())),
    }
}

/// A direction of at most a full turn, by its number and the letter of its reference.
///
/// # Errors
/// If the number is no direction, or the reference is unknown.
pub fn direction(deg: f64, letter: Option<char>) -> Result<Direction, GpsError> {
    let magnetic = match letter {
        // Most programs that omit the reference have corrected for declination.
        None | Some('T') => false,
        Some('M') => true,
        Some(found) => return Err(GpsError::OtherReference { found, plus: 'T', minus: 'M' }),
    };
    if (-360.0..=360.0).contains(&deg) {
        Ok(Direction { deg: deg.rem_euclid(360.0), magnetic })
    } else {
        Err(GpsError::Beyond { deg, limit: 360.0 })
    }
}

/// A speed in km/h. K, M and N are km/h, miles/h and knots; K is the default of the standard. `None` for another unit.
pub fn in_kmh(speed: f64, unit: Option<char>) -> Option<f64> {
    match unit {
        None | Some('K') => Some(speed),
        Some('M') => Some(speed * 1.609_344),
        Some('N') => Some(speed * 1.852),
        Some(_) => None,
    }
}

/// Why the receiver itself does not vouch for a position, by GPSStatus: a remark to put after the name of the tag.
pub fn void(status: Option<&str>) -> Option<&'static str> {
    let is_void = status.is_some_and(|status| status.trim().starts_with(['V', 'v']));
    is_void.then_some("is V: the receiver had no fix, and the position may be an old one")
}

/// Why a position may be off by up to some hundred metres, by GPSMapDatum: a remark to put after the name of the tag.
/// Datums that are within two metres of WGS 84, and a blank one, get none.
pub fn other_datum(datum: Option<&str>) -> Option<String> {
    let datum = datum?.trim();
    let letters = datum.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|letter| letter.to_ascii_uppercase()).collect();
    let is_same = name.is_empty() || LIKE_WGS84.iter().any(|known| name.starts_with(known));
    (!is_same).then(|| format!("is '{datum}', and the position is used as one of WGS 84"))
}

/// How the names of WGS 84 and of the datums that follow it within two metres begin: those of ITRF and of the
/// continents, which drift from it by some centimetres a year.
const LIKE_WGS84: [&str; 14] = [
    "WGS84",
    "WGS1984",
    "WORLDGEODETICSYSTEM1984",
    // The code of NMEA 0183 (DTM).
    "W84",
    "EPSG4326",
    "ITRF",
    "ETRS89",
    "NAD83",
    "JGD2000",
    "JGD2011",
    "GDA94",
    "GDA2020",
    "CGCS2000",
    "PZ90",
];

#[cfg(test)]
mod tests;
