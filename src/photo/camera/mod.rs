//! The metadata of a picture file as the columns of a row: the same for every tool that takes pictures instead of
//! rows.

mod clock;
mod contradiction;
pub mod fill_from_file;
mod from_xmp;
mod instant;
mod merge;
mod photo;
pub mod prefetch;
mod row;
mod vendor;

use chrono::NaiveDateTime;

use crate::format::exif::gps::Direction;
use crate::format::exif::times::CameraTime;
use crate::format::picture::PictureFacts;
use crate::format::xmp::{self, Packet};
use crate::value::geo::Position;
use crate::value::height_validity::Heights;
use crate::value::instant::LocalTime;
use crate::value::provenance::{TimeBy, ZoneBy};
use crate::value::zone::Zone;

use from_xmp::Words;
pub use photo::{Photo, open, read, read_packed, read_where_it_is};
pub use row::{
    COLUMNS, bearing, columns, decimal, keep_stamp_remarks, stamp_disagrees, stamp_remarks,
};
pub use vendor::is_tag;

/// The start of a link to a picture of the service; its id follows.
pub const LINK: &str = "https://www.mapillary.com/app/?pKey=";
/// The value of `direction_by` for a compass direction that was read and not corrected.
pub const MAGNETIC: &str = "magnetic";

/// Positions of two sources that are further apart than this are different.
const SAME_PLACE_M: f64 = 1.0;

/// What a remark on two times that differ begins with.
const TIME: &str = "time";
/// The same for the times of a receiver.
const GPS_TIME: &str = "GPS time";

/// The metadata of a file. Values are in the precision in which they are compared with a row's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Camera {
    pub taken_at: Option<LocalTime>,
    /// The same, with the offset that was written.
    clock: Option<CameraTime>,
    /// The source of the time, such as `original`; see the column `time_by`.
    pub time_by: Option<TimeBy>,
    pub captured_ms: Option<i64>,
    pub zone: Option<Zone>,
    pub zone_by: Option<ZoneBy>,
    pub gps_ms: Option<i64>,
    pub position: Option<Position>,
    pub altitude_m: Option<f64>,
    pub direction: Option<Direction>,
    pub speed_kmh: Option<f64>,
    pub track_deg: Option<f64>,
    pub hdop: Option<f64>,
    /// How position and direction were computed, if one of our tools wrote that.
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
    /// Messages about unreadable values.
    pub why: Option<String>,
}

impl Camera {
    /// Interprets the facts. A sidecar is newer than its photo and comes first.
    pub fn from_facts(facts: &PictureFacts, sidecar: Option<&Packet>, heights: Heights) -> Camera {
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
            direction: gps.img_direction,
            speed_kmh: gps.speed_kmh,
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
        camera.altitude_m = gps
            .altitude_m
            .and_then(|m| height(heights, (m, gps.altitude_wrapped_m), "GPSAltitude", &mut unread));
        camera.track_deg = track_deg(gps.track, "GPSTrack", &mut unread);
        camera.take_words(&mut Words::new(&facts.xmp, heights, &mut unread), false, exif);
        if let Some(sidecar) = sidecar {
            camera.take_words(&mut Words::new(sidecar, heights, &mut unread), true, exif);
        }
        camera.take_vendor_words(&packets, heights, &mut unread);
        if camera.direction.is_some_and(|direction| direction.magnetic) {
            camera.direction_by.get_or_insert(MAGNETIC.to_string());
        }
        camera.clock = camera.read_clock(facts, sidecar, &mut unread);
        unread.extend(camera.settle());
        // A sidecar that comes first has been compared with its file.
        if sidecar.is_none() {
            unread.extend(camera.differences_from_packet(facts));
        }
        let faults = facts.faults.iter().map(|fault| fault.to_string());
        let all: Vec<String> = faults.chain(unread).collect();
        camera.why = (!all.is_empty()).then(|| all.join("; "));
        camera
    }

    /// Seconds that the clock was ahead of UTC.
    pub fn offset_s(&self) -> Option<i32> {
        self.zone?.offset_s(self.captured_ms?)
    }
}

/// Whether a value of `position_by` or `direction_by` says that a tool computed the position or direction, instead of
/// naming the tag it was read from.
pub fn is_worked_out(by: Option<&str>) -> bool {
    by.is_some_and(|by| by != MAGNETIC && !is_tag(by))
}

/// The clock's time with its own number of fractional digits.
pub fn local_time(time: NaiveDateTime) -> LocalTime {
    let nanos = format!("{:09}", time.and_utc().timestamp_subsec_nanos() % 1_000_000_000);
    LocalTime::new(time, nanos.trim_end_matches('0').len() as u8)
}

fn place(lat: Option<f64>, lon: Option<f64>) -> Option<Position> {
    Position::new(lon?, lat?).ok()
}

/// The height that a number stands for, or a message why there is none. `wrapped_m` is the number if its sign was lost,
/// where that is possible; that it is used is reported too.
fn height(
    heights: Heights,
    (m, wrapped_m): (f64, Option<f64>),
    name: &str,
    unread: &mut Vec<String>,
) -> Option<f64> {
    match heights.read(m, wrapped_m) {
        Ok(found) => {
            if found != m {
                unread.push(format!("{name} {m} lost its sign, and {found} is used"));
            }
            Some(found)
        }
        Err(why) => {
            unread.push(format!("{name} {m} {why}"));
            None
        }
    }
}

/// The direction of travel from true north. One from magnetic north has no column.
fn track_deg(track: Option<Direction>, name: &str, unread: &mut Vec<String>) -> Option<f64> {
    let track = track?;
    if track.magnetic {
        unread.push(format!("{name} is from magnetic north and is not used"));
        return None;
    }
    Some(track.deg)
}

fn instant_ms(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp_millis()
}

#[cfg(test)]
mod tests;
