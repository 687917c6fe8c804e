//! XMP properties that rows have columns for, and the messages about unreadable ones.

use chrono::TimeDelta;

use crate::format::exif::gps::{self, Direction};
use crate::format::exif::times::{self, CameraTime};
use crate::format::xmp::{self, Namespace, Packet};

use crate::shape::RowError;
use crate::value::height_validity::Heights;

use super::{Camera, instant_ms, place};

/// The properties of a packet as values.
pub struct Words<'a> {
    packet: &'a Packet,
    heights: Heights,
    unread: &'a mut Vec<String>,
}

impl<'a> Words<'a> {
    /// Messages about unreadable values are added to `unread`.
    pub fn new(packet: &'a Packet, heights: Heights, unread: &'a mut Vec<String>) -> Words<'a> {
        Words { packet, heights, unread }
    }

    /// When the picture was taken, from the first property that has it.
    pub fn time(&mut self) -> Option<CameraTime> {
        let names = [
            (xmp::EXIF, "DateTimeOriginal"),
            (xmp::PHOTOSHOP, "DateCreated"),
            (xmp::EXIF, "DateTimeDigitized"),
            (xmp::XMP, "CreateDate"),
        ];
        names.iter().find_map(|&(space, name)| {
            self.read(space, name, |text| Ok(times::date_time(text)?))?
        })
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.packet.text(xmp::EXIF, name)
    }

    /// The first letter of a property, in upper case.
    fn letter(&self, name: &str) -> Option<char> {
        Some(self.text(name)?.chars().next()?.to_ascii_uppercase())
    }

    fn not_negative(
        &mut self,
        name: &str,
        meant: impl FnOnce(f64) -> Result<f64, &'static str>,
    ) -> Option<f64> {
        self.read(xmp::EXIF, name, |text| {
            let number = xmp::number(text).ok_or("is not a number")?;
            if number < 0.0 { Err("is below 0".into()) } else { Ok(meant(number)?) }
        })
    }

    /// Reads `GPSLatitude` or `GPSLongitude`.
    fn coordinate(&mut self, name: &str, letters: [char; 2], limit: f64) -> Option<f64> {
        let beside = self.text(&format!("{name}Ref"));
        self.read(xmp::EXIF, name, |text| Ok(xmp::coordinate(text, beside, letters, limit)?))
    }

    /// An altitude, `below` sea level or above.
    pub(super) fn height(&mut self, space: Namespace, name: &str, below: bool) -> Option<f64> {
        let heights = self.heights;
        self.read(space, name, |text| {
            let m = xmp::number(text).ok_or("is not a number")?;
            Ok(heights.read(if below { -m.abs() } else { m }, xmp::wrapped(text))?)
        })
    }

    /// A signed number of any namespace, in degrees.
    pub(super) fn degrees(&mut self, space: Namespace, name: &str, limit: f64) -> Option<f64> {
        self.read(space, name, |text| {
            let number = xmp::number(text).filter(|number| number.abs() <= limit);
            number.ok_or_else(|| format!("is not a number of at most {limit} degrees").into())
        })
    }

    /// Whether a position is the 0, 0 that receivers write when they have none; if so, this is reported.
    pub(super) fn is_null_island(
        &mut self,
        lat: Option<f64>,
        lon: Option<f64>,
        name: &str,
    ) -> bool {
        let is_so = lat == Some(0.0) && lon == Some(0.0);
        if is_so {
            self.unread.push(format!("XMP {name} and longitude are 0, 0, which is not a place"));
        }
        is_so
    }

    fn instant(&mut self, name: &str) -> Option<i64> {
        self.read(xmp::EXIF, name, |text| Ok(instant(text)?))?
    }

    fn read<T>(
        &mut self,
        space: Namespace,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, RowError>,
    ) -> Option<T> {
        let text = self.packet.text(space, name)?;
        read(text).map_err(|why| self.unread.push(format!("XMP {name} '{text}' {why}"))).ok()
    }
}

impl Camera {
    /// Takes all positional data of a sidecar (`is_first`), and of a packet only what EXIF leaves open.
    pub(super) fn take_words(&mut self, words: &mut Words, is_first: bool) {
        if is_first || self.position.is_none() {
            self.take_place(words);
        }
        if is_first || self.direction.is_none() {
            let magnetic = words.letter("GPSImgDirectionRef") == Some('M');
            let deg = words.degrees(xmp::EXIF, "GPSImgDirection", 360.0);
            let direction = deg.map(|deg| Direction { deg: deg.rem_euclid(360.0), magnetic });
            self.direction = direction.or(self.direction);
        }
        let name = |name| words.packet.text(xmp::TIFF, name).map(String::from);
        if is_first || self.make.is_none() && self.model.is_none() {
            self.make = name("Make").or(self.make.take());
            self.model = name("Model").or(self.model.take());
        }
    }

    fn take_place(&mut self, words: &mut Words) {
        let lat = words.coordinate("GPSLatitude", ['N', 'S'], 90.0);
        let lon = words.coordinate("GPSLongitude", ['E', 'W'], 180.0);
        if words.is_null_island(lat, lon, "GPSLatitude") {
            return;
        }
        let position = place(lat, lon);
        if position.is_none() {
            return;
        }
        let below = words.text("GPSAltitudeRef") == Some("1");
        self.position = position;
        self.altitude_m = words.height(xmp::EXIF, "GPSAltitude", below);
        self.gps_ms = words.instant("GPSTimeStamp");
        let unit = words.letter("GPSSpeedRef");
        self.speed_kmh = words.not_negative("GPSSpeed", |speed| {
            gps::in_kmh(speed, unit).ok_or("has an unknown unit beside it")
        });
        let is_true = words.letter("GPSTrackRef") != Some('M');
        let track_deg = words.degrees(xmp::EXIF, "GPSTrack", 360.0).filter(|_| is_true);
        self.track_deg = track_deg.map(|deg| deg.rem_euclid(360.0));
        self.hdop = words.not_negative("GPSDOP", Ok);
    }
}

/// XMP has the GPS time as a full date and time, in UTC if it has no offset.
fn instant(text: &str) -> Result<Option<i64>, &'static str> {
    let Some(time) = times::date_time(text)? else { return Ok(None) };
    let offset = time.offset.map_or(0, |offset| i64::from(offset.local_minus_utc()));
    Ok(Some(instant_ms(time.local - TimeDelta::seconds(offset))))
}
