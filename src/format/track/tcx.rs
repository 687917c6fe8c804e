//! Tracks of Garmin's Training Center XML: activities and courses.
//!
//! A lap is no break: devices begin one each kilometre. Pauses show as holes in time.

use quick_xml::events::BytesStart;

use super::point::{Point, Time};
use super::{text, xml};
use crate::format::{Malformed, Place, track_log::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

const NO_PLACE: &str = "trackpoints without a place left out";

/// Reads a whole file.
///
/// # Errors
/// Only for what is no TCX at all.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = text::decode(bytes);
    let mut reading = Reading::default();
    xml::walk(&text, &mut reading);
    reading.finish(&text)
}

#[derive(Clone, Copy, PartialEq)]
enum Leaf {
    Time,
    Lat,
    Lon,
    Altitude,
    Speed,
}

struct Trackpoint {
    point: Point,
    lat_deg: Option<f64>,
    lon_deg: Option<f64>,
    has_position: bool,
}

#[derive(Default)]
struct Reading {
    recording: Recording,
    segment: Vec<Fix>,
    trackpoint: Option<Trackpoint>,
    leaf: Option<Leaf>,
    value: String,
    is_tcx: bool,
    is_closed: bool,
}

impl xml::Elements for Reading {
    fn open(&mut self, name: &[u8], _: &BytesStart<'_>, at: usize) {
        let leaf = match name {
            b"TrainingCenterDatabase" => return self.is_tcx = true,
            b"Activity" | b"Course" => return self.end_segment(),
            b"Trackpoint" => {
                self.end_trackpoint();
                let point = Point::new(Place::Byte(at as u64), None);
                let (lat_deg, lon_deg, has_position) = (None, None, false);
                self.trackpoint = Some(Trackpoint { point, lat_deg, lon_deg, has_position });
                return;
            }
            b"Position" => {
                self.trackpoint.iter_mut().for_each(|point| point.has_position = true);
                return;
            }
            b"Time" => Leaf::Time,
            b"LatitudeDegrees" => Leaf::Lat,
            b"LongitudeDegrees" => Leaf::Lon,
            b"AltitudeMeters" => Leaf::Altitude,
            b"Speed" => Leaf::Speed,
            _ => return,
        };
        self.leaf = Some(leaf);
        self.value.clear();
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"Trackpoint" => self.end_trackpoint(),
            b"Activity" | b"Course" => self.end_segment(),
            b"TrainingCenterDatabase" => self.is_closed = true,
            _ => self.end_leaf(),
        }
    }

    fn text(&mut self, text: &str) {
        if self.leaf.is_some() {
            xml::add(&mut self.value, text);
        }
    }

    fn damaged(&mut self) {
        self.trackpoint = None;
        self.leaf = None;
    }

    fn recording(&mut self) -> &mut Recording {
        &mut self.recording
    }
}

impl Reading {
    fn end_leaf(&mut self) {
        let (Some(leaf), Some(trackpoint)) = (self.leaf.take(), &mut self.trackpoint) else {
            return;
        };
        let number = text::number(&self.value);
        match leaf {
            Leaf::Time => trackpoint.point.time = Time::from_text(&self.value),
            Leaf::Lat => trackpoint.lat_deg = number,
            Leaf::Lon => trackpoint.lon_deg = number,
            Leaf::Altitude => trackpoint.point.ele_m = number,
            Leaf::Speed => trackpoint.point.set_speed_mps(number),
        }
    }

    fn end_trackpoint(&mut self) {
        self.leaf = None;
        let Some(mut trackpoint) = self.trackpoint.take() else { return };
        // Under a roof a device goes on with heart rates alone.
        if !trackpoint.has_position {
            return self.recording.remark(NO_PLACE, trackpoint.point.at);
        }
        let place = trackpoint.lon_deg.zip(trackpoint.lat_deg);
        trackpoint.point.position =
            place.and_then(|(lon_deg, lat_deg)| Position::new(lon_deg, lat_deg).ok());
        self.segment.extend(trackpoint.point.into_fix(&mut self.recording));
    }

    fn end_segment(&mut self) {
        self.end_trackpoint();
        if !self.segment.is_empty() {
            self.recording.segments.push(std::mem::take(&mut self.segment));
        }
    }

    fn finish(mut self, text: &str) -> Result<Recording, Malformed> {
        // A point that is cut short counts when its time and place are whole.
        let is_whole = |trackpoint: &Trackpoint| {
            let has_time = matches!(trackpoint.point.time, Time::Known { .. });
            has_time && trackpoint.lon_deg.is_some() && trackpoint.lat_deg.is_some()
        };
        if !self.is_closed && !self.trackpoint.as_ref().is_some_and(is_whole) {
            self.trackpoint = None;
        }
        self.end_segment();
        if !self.is_tcx && self.recording.segments.is_empty() {
            let what = "not TCX: there is no element 'TrainingCenterDatabase'";
            return Err(Malformed::at_line(1, what));
        }
        Ok(xml::finish(text, self.is_closed, self.recording))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(second: u32, position: &str) -> String {
        format!(
            "<Trackpoint><Time>2024-05-01T12:00:{second:02}.250Z</Time>{position}\
             <AltitudeMeters>431.5</AltitudeMeters><Extensions><ns3:TPX><ns3:Speed>10</ns3:Speed>\
             </ns3:TPX></Extensions></Trackpoint>\n"
        )
    }

    const PLACE: &str = "<Position><LatitudeDegrees>47.5</LatitudeDegrees>\
        <LongitudeDegrees>8.25</LongitudeDegrees></Position>";

    fn file() -> String {
        let (a, b, c) = (point(1, PLACE), point(2, PLACE), point(3, PLACE));
        let none = point(4, "") + &point(5, &PLACE.replace("47.5", "97.5"));
        let lap = |inner: &str| format!("<Lap><Track>{inner}</Track></Lap>");
        format!(
            "<TrainingCenterDatabase><Activities><Activity>\n<Id>2024-05-01T12:00:00Z</Id>{}{}\
             </Activity><Activity>{}</Activity></Activities></TrainingCenterDatabase>\n",
            lap(&a),
            lap(&b),
            lap(&(c + &none))
        )
    }

    #[test]
    fn laps_are_no_breaks_and_activities_are() {
        let recording = read(file().as_bytes()).unwrap();
        assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        let fix = recording.segments[0][0];
        assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (8.25, 47.5));
        assert_eq!((fix.time_ms, fix.ele_m.get()), (1_714_564_801_250, Some(431.5)));
        assert_eq!(fix.speed_kmh.get(), Some(36.0));
        let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "trackpoints without a place left out in line 5",
                "points left out, since their position cannot be read in line 6",
            ]
        );
    }

    #[test]
    fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
        let whole = file();
        let all = read(whole.as_bytes()).unwrap().segments.concat();
        for end in 0..whole.len() {
            let Ok(cut) = read(&whole.as_bytes()[..end]) else { continue };
            let fixes = cut.segments.concat();
            let same = fixes.iter().zip(&all).all(|(a, b)| a.position == b.position);
            assert!(fixes.len() <= all.len() && same, "{end}");
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..2_000 {
            let mut bytes = whole.clone().into_bytes();
            for _ in 0..random.usize(1..8) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            let _ = read(&bytes);
        }
    }
}
