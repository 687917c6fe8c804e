//! What a picture file says of itself, as the columns of a row: the same for
//! every tool that is given pictures instead of rows.

pub mod ahead;
pub mod bare;
mod beside;
mod photo;
mod row;
mod words;

use chrono::NaiveDateTime;

use crate::format::exif::gps::Direction;
use crate::format::exif::tags;
use crate::format::exif::times::CameraTime;
use crate::format::picture::Facts;
use crate::format::xmp::{self, Packet};
use crate::value::geo::Position;
use crate::value::time::LocalTime;

pub use photo::{Photo, open, read, read_packed};
pub use row::{COLUMNS, columns, decimal};
use words::Words;

/// What a link to a picture of the service begins with; its id follows.
pub const LINK: &str = "https://www.mapillary.com/app/?pKey=";

/// The word of `direction_by` for a compass that was read and not corrected.
pub const MAGNETIC: &str = "magnetic";

/// Zones differ from UTC by quarters of an hour.
const ZONE_STEP_MS: i64 = 15 * 60 * 1000;
/// A camera's clock may be so wrong and still tell its zone from the GPS time.
const CLOCK_ERROR_MS: i64 = 2 * 60 * 1000;

/// What a file says. Values are as they will be compared with a row's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Camera {
    pub taken_at: Option<LocalTime>,
    pub captured_ms: Option<i64>,
    pub zone_s: Option<i32>,
    pub zone_by: Option<&'static str>,
    pub gps_ms: Option<i64>,
    pub position: Option<Position>,
    pub altitude_m: Option<f64>,
    pub direction: Option<Direction>,
    pub speed_kmh: Option<f64>,
    pub track_deg: Option<f64>,
    pub hdop: Option<f64>,
    /// How position and direction were worked out, when one of our tools wrote so.
    pub position_by: Option<String>,
    pub direction_by: Option<String>,
    pub gap_s: Option<f64>,
    pub gap_m: Option<f64>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub orientation: Option<u16>,
    pub size: Option<(u32, u32)>,
    pub is_pano: bool,
    pub img_id: Option<String>,
    pub seq_id: Option<String>,
    pub creator: Option<String>,
    /// What could not be read.
    pub why: Option<String>,
}

impl Camera {
    /// What the facts mean. A sidecar is younger than its photo and comes first.
    pub fn of(facts: &Facts, sidecar: Option<&Packet>) -> Camera {
        let (exif, gps) = (&facts.exif, &facts.exif.gps);
        let packets: Vec<&Packet> = sidecar.into_iter().chain([&facts.xmp]).collect();
        let own = |name| packets.iter().find_map(|p| p.text(xmp::OWN, name).map(String::from));
        let number = |name| own(name).and_then(|text| text.parse::<f64>().ok());
        let img_id = packets
            .iter()
            .find_map(|packet| packet.text(xmp::DC, "source")?.strip_prefix(LINK))
            .map(String::from);
        let creator = img_id.as_ref().and_then(|_| {
            packets.iter().find_map(|packet| packet.text(xmp::DC, "creator").map(String::from))
        });
        let projection = packets.iter().find_map(|p| p.text(xmp::GPANO, "ProjectionType"));
        let mut camera = Camera {
            altitude_m: gps.altitude_m,
            direction: gps.img_direction,
            speed_kmh: gps.speed_kmh,
            track_deg: gps.track.filter(|track| !track.magnetic).map(|track| track.deg),
            hdop: gps.dop,
            gps_ms: gps.utc.map(instant_ms),
            position: place(gps.lat, gps.lon),
            position_by: own("PositionBy"),
            direction_by: own("DirectionBy"),
            gap_s: number("GapS"),
            gap_m: number("GapM"),
            make: exif.make.clone(),
            model: exif.model.clone(),
            orientation: exif.orientation,
            size: facts.size,
            is_pano: projection.is_some_and(|name| name.eq_ignore_ascii_case("equirectangular")),
            img_id,
            seq_id: own("SequenceId"),
            creator,
            ..Camera::default()
        };
        let mut unread = Vec::new();
        camera.take_words(&mut Words::of(&facts.xmp, &mut unread), false);
        if let Some(sidecar) = sidecar {
            camera.take_words(&mut Words::of(sidecar, &mut unread), true);
        }
        if camera.direction.is_some_and(|direction| direction.magnetic) {
            camera.direction_by.get_or_insert(MAGNETIC.to_string());
        }
        let time = sidecar.and_then(|sidecar| Words::of(sidecar, &mut unread).time());
        // What an unreadable date should have said, no other field says.
        let is_unread = exif.unread.contains(&tags::DATE_TIME_ORIGINAL);
        let own = match exif.original.or(exif.digitized.filter(|_| !is_unread)) {
            None if !is_unread => Words::of(&facts.xmp, &mut unread).time(),
            own => own,
        };
        camera.take_time(time.or(own));
        let faults = facts.faults.iter().map(|fault| fault.to_string());
        let all: Vec<String> = faults.chain(unread).collect();
        camera.why = (!all.is_empty()).then(|| all.join("; "));
        camera
    }

    /// The clock, and the instant where it can be known: by the offset tag, or
    /// by GPS. The GPS time of a place that was worked out is no reading: it
    /// only tells the zone of the clock that it was worked out from.
    fn take_time(&mut self, time: Option<CameraTime>) {
        self.taken_at = time.map(|time| local_time(time.local));
        let clock_ms = time.map(|time| instant_ms(time.local));
        if let Some((time, offset)) = time.and_then(|time| Some((time, time.offset?))) {
            self.captured_ms = time.captured_ms();
            (self.zone_s, self.zone_by) = (Some(offset.local_minus_utc()), Some("offset"));
            return;
        }
        let ahead_ms = clock_ms.zip(self.gps_ms).and_then(|(clock, gps)| zone_ms(clock - gps));
        let is_read = self.position_by.is_none();
        self.captured_ms = match (is_read, clock_ms) {
            (true, _) | (false, None) => self.gps_ms,
            (false, Some(clock)) => ahead_ms.map(|ahead| clock - ahead),
        };
        self.zone_s = ahead_ms.map(|ahead| (ahead / 1000) as i32);
        self.zone_by = self.captured_ms.map(|_| "gps");
    }
}

/// The clock's time with the digits that it has.
pub fn local_time(time: NaiveDateTime) -> LocalTime {
    let nanos = format!("{:09}", time.and_utc().timestamp_subsec_nanos() % 1_000_000_000);
    LocalTime::new(time, nanos.trim_end_matches('0').len() as u8)
}

fn place(lat: Option<f64>, lon: Option<f64>) -> Option<Position> {
    Position::new(lon?, lat?).ok()
}

fn instant_ms(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp_millis()
}

/// How far the clock is ahead of UTC, if what is left over can be its error.
fn zone_ms(ahead_ms: i64) -> Option<i64> {
    let steps = (ahead_ms as f64 / ZONE_STEP_MS as f64).round() as i64;
    let fits = (ahead_ms - steps * ZONE_STEP_MS).abs() <= CLOCK_ERROR_MS;
    // Zones reach from 12 hours west to 14 east.
    (fits && (-48..=56).contains(&steps)).then_some(steps * ZONE_STEP_MS)
}

#[cfg(test)]
mod tests;
