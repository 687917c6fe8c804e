//! XMP properties that rows have columns for, and the messages about unreadable ones.

use chrono::FixedOffset;

use crate::format::exif::ExifFacts;
use crate::format::exif::gps::{self, Direction};
use crate::format::exif::tags::{self, Tag};
use crate::format::exif::times::{self, CameraTime};
use crate::format::xmp::{self, Namespace, Packet};

use crate::shape::RowError;
use crate::value::geo::Position;
use crate::value::height_validity::Heights;

use super::{Camera, SAME_PLACE_M, height, place, track_deg};

/// A property by its namespace and its name.
pub type Name = (Namespace, &'static str);

/// When the picture was taken.
pub const ORIGINAL: [Name; 2] = [(xmp::EXIF, "DateTimeOriginal"), (xmp::PHOTOSHOP, "DateCreated")];
/// When it became a file: for a camera the same, for a scanner much later.
pub const DIGITIZED: [Name; 2] = [(xmp::EXIF, "DateTimeDigitized"), (xmp::XMP, "CreateDate")];
/// The dates of a picture, the best first.
pub const DATES: [Name; 4] = [ORIGINAL[0], ORIGINAL[1], DIGITIZED[0], DIGITIZED[1]];

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
        self.first_of(&DATES)
    }

    /// The first of these dates that can be read.
    pub(super) fn first_of(&mut self, names: &[Name]) -> Option<CameraTime> {
        names.iter().find_map(|&name| self.date(name))
    }

    pub(super) fn date(&mut self, (space, name): Name) -> Option<CameraTime> {
        let time = self.read(space, name, |text| Ok(times::date_time(text)?))??;
        let text = self.packet.text(space, name)?;
        if let Some(why) = times::contradicted_zone(text) {
            self.remark(name, &format!("'{text}' {why}"));
        }
        Some(time)
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

    /// The position of the standard's properties. `Err` if what is there is none.
    pub(super) fn coordinates(&mut self) -> Result<Option<Position>, NoPlace> {
        let names = ["GPSLatitude", "GPSLongitude"];
        let lat = self.coordinate(names[0], ['N', 'S'], 90.0);
        let lon = self.coordinate(names[1], ['E', 'W'], 180.0);
        self.joined(xmp::EXIF, names, lat, lon)
    }

    /// The position in DJI's own properties.
    pub(super) fn flight(&mut self) -> Result<Option<Position>, NoPlace> {
        let is_misspelt = self.packet.text(xmp::DJI, "GpsLongtitude").is_some();
        let lon_name = if is_misspelt { "GpsLongtitude" } else { "GpsLongitude" };
        let lat = self.degrees(xmp::DJI, "GpsLatitude", 90.0);
        let lon = self.degrees(xmp::DJI, lon_name, 180.0);
        self.joined(xmp::DJI, ["GpsLatitude", lon_name], lat, lon)
    }

    /// Both coordinates as one position. A receiver without one writes 0, 0.
    fn joined(
        &mut self,
        space: Namespace,
        names: [&str; 2],
        lat: Option<f64>,
        lon: Option<f64>,
    ) -> Result<Option<Position>, NoPlace> {
        if (lat, lon) == (Some(0.0), Some(0.0)) {
            self.remark(names[0], "and longitude are 0, 0, which is not a place");
            return Err(NoPlace);
        }
        match names.map(|name| self.packet.text(space, name).is_some()) {
            [false, false] => Ok(None),
            [true, true] => place(lat, lon).map(Some).ok_or(NoPlace),
            [is_lat, _] => {
                let [there, missing] = if is_lat { names } else { [names[1], names[0]] };
                self.remark(there, &format!("has no {missing} beside it"));
                Err(NoPlace)
            }
        }
    }

    /// Reads `GPSLatitude` or `GPSLongitude`.
    fn coordinate(&mut self, name: &str, letters: [char; 2], limit: f64) -> Option<f64> {
        let beside = self.text(&format!("{name}Ref"));
        self.read(xmp::EXIF, name, |text| Ok(xmp::coordinate(text, beside, letters, limit)?))
    }

    /// GPSAltitude with its reference.
    fn altitude(&mut self) -> Option<f64> {
        let reference = self.text("GPSAltitudeRef");
        let below = self.read(xmp::EXIF, "GPSAltitude", |_| {
            gps::is_below(reference).map_err(|why| why.to_string().into())
        })?;
        self.height(xmp::EXIF, "GPSAltitude", below)
    }

    /// An altitude, `below` sea level or above.
    pub(super) fn height(&mut self, space: Namespace, name: &str, below: bool) -> Option<f64> {
        let m = self.read(space, name, |text| Ok(xmp::number(text).ok_or("is not a number")?))?;
        let m = if below { -m.abs() } else { m };
        let wrapped_m = self.packet.text(space, name).and_then(xmp::wrapped);
        height(self.heights, (m, wrapped_m), &format!("XMP {name}"), self.unread)
    }

    /// A direction with the letter of its reference.
    pub(super) fn direction(&mut self, name: &str, reference: &str) -> Option<Direction> {
        let letter = self.letter(reference);
        self.read(xmp::EXIF, name, |text| {
            let deg = xmp::number(text).ok_or("is not a number")?;
            gps::direction(deg, letter).map_err(|why| why.to_string().into())
        })
    }

    /// A signed number of any namespace, in degrees.
    pub(super) fn degrees(&mut self, space: Namespace, name: &str, limit: f64) -> Option<f64> {
        self.read(space, name, |text| {
            let number = xmp::number(text).filter(|number| number.abs() <= limit);
            number.ok_or_else(|| format!("is not a number of at most {limit} degrees").into())
        })
    }

    /// XMP has the GPS time as a full date and time, in UTC if it has no offset.
    pub(super) fn stamp_ms(&mut self) -> Option<i64> {
        let mut time = self.date((xmp::EXIF, "GPSTimeStamp"))?;
        time.offset = time.offset.or(FixedOffset::east_opt(0));
        time.captured_ms()
    }

    fn track(&mut self) -> Option<f64> {
        let track = self.direction("GPSTrack", "GPSTrackRef");
        track_deg(track, "XMP GPSTrack", self.unread)
    }

    fn speed_kmh(&mut self) -> Option<f64> {
        let unit = self.letter("GPSSpeedRef");
        self.not_negative("GPSSpeed", |speed| {
            gps::in_kmh(speed, unit).ok_or("has an unknown unit beside it")
        })
    }

    fn remark(&mut self, name: &str, what: &str) {
        self.unread.push(format!("XMP {name} {what}"));
    }

    /// What speaks against a position that is used all the same.
    fn remark_on_place(&mut self) {
        if let Some(why) = gps::other_datum(self.text("GPSMapDatum")) {
            self.remark("GPSMapDatum", &why);
        }
        if let Some(why) = gps::void(self.text("GPSStatus")) {
            self.remark("GPSStatus", why);
        }
    }

    /// Reads a property; `None` for 0/0, which programs copy from cameras that know no value.
    fn read<T>(
        &mut self,
        space: Namespace,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, RowError>,
    ) -> Option<T> {
        let text = self.packet.text(space, name).filter(|text| *text != "0/0")?;
        read(text).map_err(|why| self.unread.push(format!("XMP {name} '{text}' {why}"))).ok()
    }
}

/// Coordinates that are there and are no position.
#[derive(Debug)]
pub struct NoPlace;

impl Camera {
    /// Takes all positional data of a sidecar (`is_first`), and of a packet only what EXIF leaves open.
    pub(super) fn take_words(&mut self, words: &mut Words, is_first: bool, exif: &ExifFacts) {
        if is_first || self.position.is_none() {
            self.take_place(words, is_first, exif);
        } else {
            self.complete_place(words, exif);
        }
        if is_first || self.direction.is_none() {
            let direction = words.direction("GPSImgDirection", "GPSImgDirectionRef");
            self.direction = direction.or(self.direction);
        }
        let name = |name| words.packet.text(xmp::TIFF, name).map(String::from);
        if is_first || self.make.is_none() && self.model.is_none() {
            self.make = name("Make").or(self.make.take());
            self.model = name("Model").or(self.model.take());
        }
    }

    fn take_place(&mut self, words: &mut Words, is_first: bool, exif: &ExifFacts) {
        match words.coordinates() {
            Ok(Some(position)) => {
                // A sidecar has another position than its photo, and nothing of the photo's belongs to it.
                if is_first {
                    (self.altitude_m, self.speed_kmh, self.gps_ms) = (None, None, None);
                    (self.track_deg, self.hdop) = (None, None);
                }
                self.position = Some(position);
                self.altitude_m = words.altitude().or(self.altitude_m);
                self.gps_ms = self.gps_ms.or_else(|| words.stamp_ms());
                self.speed_kmh = words.speed_kmh().or(self.speed_kmh);
                self.track_deg = words.track().or(self.track_deg);
                self.hdop = words.not_negative("GPSDOP", Ok).or(self.hdop);
                words.remark_on_place();
            }
            Ok(None) => self.take_rest(words, exif),
            Err(NoPlace) => self.take_stamp(words, exif),
        }
    }

    /// Takes what EXIF lacks beside its position, unless it belongs to another one.
    fn complete_place(&mut self, words: &mut Words, exif: &ExifFacts) {
        // Coordinates that are not used have no messages here.
        let beside = Words::new(words.packet, words.heights, &mut Vec::new()).coordinates();
        let is_other =
            |at: Position| self.position.is_some_and(|own| own.distance_m(at) > SAME_PLACE_M);
        match beside {
            Ok(at) if !at.is_some_and(is_other) => self.take_rest(words, exif),
            _ => self.take_stamp(words, exif),
        }
    }

    fn take_rest(&mut self, words: &mut Words, exif: &ExifFacts) {
        let lacks = |tag: Tag, is_there: bool| !is_there && !exif.unread.contains(&tag);
        if lacks(tags::GPS_ALTITUDE, self.altitude_m.or(exif.gps.altitude_m).is_some()) {
            self.altitude_m = words.altitude();
        }
        if lacks(tags::GPS_SPEED, self.speed_kmh.is_some()) {
            self.speed_kmh = words.speed_kmh();
        }
        if lacks(tags::GPS_TRACK, self.track_deg.is_some() || exif.gps.track.is_some()) {
            self.track_deg = words.track();
        }
        if lacks(tags::GPS_DOP, self.hdop.is_some()) {
            self.hdop = words.not_negative("GPSDOP", Ok);
        }
        self.take_stamp(words, exif);
    }

    /// The GPS time is evidence of the clock's zone wherever the photo was taken.
    fn take_stamp(&mut self, words: &mut Words, exif: &ExifFacts) {
        if self.gps_ms.is_none() && !exif.unread.contains(&tags::GPS_TIME_STAMP) {
            self.gps_ms = words.stamp_ms();
        }
    }
}

#[cfg(test)]
mod tests;
