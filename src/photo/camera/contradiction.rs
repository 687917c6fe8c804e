//! Where two sources of one photo both have a value, and the values differ: a file and its sidecar, or the EXIF and
//! the XMP inside of one file. Which of them is used is decided elsewhere; here it is said.

use crate::format::exif::gps::Direction;
use crate::format::exif::times::CameraTime;
use crate::format::picture::PictureFacts;
use crate::format::xmp;
use crate::value::geo::{Position, turn_deg};
use crate::value::height_validity::Heights;
use crate::value::instant::format_instant;
use crate::value::provenance::TimeBy;

use super::from_xmp::{DATES, DIGITIZED, Name, ORIGINAL, Words};
use super::{
    Camera, GPS_TIME, SAME_PLACE_M, TIME, bearing, decimal, is_worked_out, local_time, place,
};

/// Directions further apart than this are different, in degrees.
const SAME_DIRECTION_DEG: f64 = 1.0;
/// Times this far apart are different: some programs drop fractions of a second.
const SAME_TIME_MS: i64 = 1000;

/// A value of one source, and the different one of the other.
pub struct Difference {
    pub what: &'static str,
    pub own: String,
    pub other: String,
}

fn positions(own: Option<Position>, other: Option<Position>) -> Option<Difference> {
    let (own, other) = (own?, other?);
    let shown =
        |at: Position| format!("{}, {}", decimal(at.lon_deg(), 6), decimal(at.lat_deg(), 6));
    (own.distance_m(other) > SAME_PLACE_M).then(|| Difference {
        what: "position",
        own: shown(own),
        other: shown(other),
    })
}

fn directions(own: Option<Direction>, other: Option<Direction>) -> Option<Difference> {
    let (own, other) = (own?, other?);
    (turn_deg(own.deg, other.deg).abs() > SAME_DIRECTION_DEG).then(|| Difference {
        what: "direction",
        own: bearing(own.deg),
        other: bearing(other.deg),
    })
}

fn stamps(own_ms: Option<i64>, other_ms: Option<i64>) -> Option<Difference> {
    let (own_ms, other_ms) = (own_ms?, other_ms?);
    let shown = |ms: i64| format_instant(ms).unwrap_or_else(|| ms.to_string());
    (!is_near(own_ms, other_ms)).then(|| Difference {
        what: GPS_TIME,
        own: shown(own_ms),
        other: shown(other_ms),
    })
}

/// A time as it was written, and its instant if that is known, by its own offset or from elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub written: CameraTime,
    pub captured_ms: Option<i64>,
}

impl From<CameraTime> for Moment {
    fn from(written: CameraTime) -> Moment {
        Moment { written, captured_ms: written.captured_ms() }
    }
}

fn times(own: Option<Moment>, other: Option<Moment>) -> Option<Difference> {
    let (own, other) = (own?, other?);
    (!is_same_time(own, other)).then(|| Difference {
        what: TIME,
        own: shown(own.written),
        other: shown(other.written),
    })
}

/// Two times with offsets are the same if they are of one instant. Where an offset is missing, the same clock will do,
/// since many programs write one without its zone.
fn is_same_time(one: Moment, other: Moment) -> bool {
    let instants = one.captured_ms.zip(other.captured_ms).is_some_and(|(a, b)| is_near(a, b));
    let is_written = one.written.offset.is_some() && other.written.offset.is_some();
    instants || !is_written && is_near(clock_ms(one.written), clock_ms(other.written))
}

fn is_near(one_ms: i64, other_ms: i64) -> bool {
    (one_ms - other_ms).abs() < SAME_TIME_MS
}

fn clock_ms(time: CameraTime) -> i64 {
    local_time(time.local).clock_ms()
}

fn shown(time: CameraTime) -> String {
    let offset = time.offset.map(|offset| offset.to_string()).unwrap_or_default();
    format!("{}{offset}", local_time(time.local))
}

impl Camera {
    fn moment(&self) -> Option<Moment> {
        self.clock.map(|written| Moment { written, captured_ms: self.captured_ms })
    }

    /// What another source says otherwise. A value that a tool computed is expected to differ.
    pub(super) fn differences(&self, other: &Camera) -> Vec<Difference> {
        let is_read = |by: &Option<String>| !is_worked_out(by.as_deref());
        let position = other.position.filter(|_| is_read(&other.position_by));
        let direction = other.direction.filter(|_| is_read(&other.direction_by));
        let all = [
            positions(self.position, position),
            directions(self.direction, direction),
            times(self.moment(), other.moment()),
            stamps(self.gps_ms, other.gps_ms.filter(|_| is_read(&other.position_by))),
        ];
        all.into_iter().flatten().collect()
    }

    /// What the XMP of a file says otherwise than the values that are used of it.
    pub(super) fn differences_from_packet(&self, facts: &PictureFacts) -> Vec<String> {
        if facts.xmp.properties.is_empty() {
            return Vec::new();
        }
        // What cannot be read and is not used contradicts nothing.
        let mut unread = Vec::new();
        let mut words = Words::new(&facts.xmp, Heights::default(), &mut unread);
        let mut all = Vec::new();
        let mut add = |of: &'static str, (space, name): Name, found: Option<Difference>| {
            all.extend(found.map(|Difference { what, own, other }| {
                format!("{what} {own} of {of} is used, {}:{name} says {other}", space.prefix)
            }));
        };
        let gps = &facts.exif.gps;
        let of = |is_exif: bool| if is_exif { "EXIF" } else { "XMP" };
        if !is_worked_out(self.position_by.as_deref()) {
            let own = of(place(gps.lat, gps.lon).is_some());
            let at = words.coordinates().ok().flatten();
            add(own, (xmp::EXIF, "GPSLatitude"), positions(self.position, at));
            let at = words.flight().ok().flatten();
            add(own, (xmp::DJI, "GpsLatitude"), positions(self.position, at));
            let stamp_ms = words.stamp_ms();
            add(of(gps.utc.is_some()), (xmp::EXIF, "GPSTimeStamp"), stamps(self.gps_ms, stamp_ms));
        }
        if !is_worked_out(self.direction_by.as_deref()) {
            let own = of(gps.img_direction.is_some());
            let deg = words.direction("GPSImgDirection", "GPSImgDirectionRef");
            add(own, (xmp::EXIF, "GPSImgDirection"), directions(self.direction, deg));
            let deg = words.degrees(xmp::GPANO, "PoseHeadingDegrees", 360.0);
            let deg = deg.map(|deg| Direction { deg, magnetic: false });
            add(own, (xmp::GPANO, "PoseHeadingDegrees"), directions(self.direction, deg));
        }
        for &(space, name) in self.comparable_dates(&mut words) {
            let time = words.date((space, name)).map(Moment::from);
            add(of(self.time_by != Some(TimeBy::Xmp)), (space, name), times(self.moment(), time));
        }
        all.extend(self.earlier_change(facts));
        all
    }

    /// The properties that are the same date as the one that is used. `xmp:CreateDate` is that of the file or of a
    /// scan, and no date of the picture if there is one.
    fn comparable_dates(&self, words: &mut Words) -> &'static [Name] {
        match self.time_by {
            Some(TimeBy::Original) => &ORIGINAL,
            Some(TimeBy::Digitized) => &DATES,
            Some(TimeBy::Xmp) if words.first_of(&ORIGINAL).is_some() => &ORIGINAL,
            Some(TimeBy::Xmp) => &DIGITIZED,
            _ => &[],
        }
    }

    /// A file may be changed after its picture was taken, and never before.
    fn earlier_change(&self, facts: &PictureFacts) -> Option<String> {
        let used = self.moment().filter(|_| self.time_by == Some(TimeBy::Xmp))?;
        let modified = facts.exif.modified?;
        let difference = times(Some(used), Some(modified.into()))?;
        let is_earlier = match used.captured_ms.zip(modified.captured_ms()) {
            Some((used_ms, modified_ms)) => modified_ms < used_ms,
            None => clock_ms(modified) < clock_ms(used.written),
        };
        let Difference { own, other, .. } = difference;
        is_earlier
            .then(|| format!("{TIME} {own} of XMP is used, the earlier ModifyDate says {other}"))
    }
}

#[cfg(test)]
mod tests;
