//! Tracks in Garmin's Training Center XML: activities and courses.
//!
//! A lap does not split a track, because devices start one every kilometre. Pauses show as gaps in time.

use quick_xml::events::BytesStart;

use super::point::{Time, TrackPoint};
use super::{scalars, xml};
use crate::format::{ErrorLocation, Malformed, parsed_track::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

const NO_PLACE: &str = "trackpoints without a place left out";

/// Reads a whole file.
///
/// # Errors
/// Only if the file is not TCX at all.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = scalars::decode(bytes);
    let mut reading = TcxReader::default();
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
    point: TrackPoint,
    lat_deg: Option<f64>,
    lon_deg: Option<f64>,
    has_position: bool,
}

#[derive(Default)]
struct TcxReader {
    recording: Recording,
    segment: Vec<Fix>,
    trackpoint: Option<Trackpoint>,
    leaf: Option<Leaf>,
    value: String,
    is_tcx: bool,
    is_closed: bool,
}

impl xml::Elements for TcxReader {
    fn open(&mut self, name: &[u8], _: &BytesStart<'_>, at: usize) {
        let leaf = match name {
            b"TrainingCenterDatabase" => return self.is_tcx = true,
            b"Activity" | b"Course" => return self.end_segment(),
            b"Trackpoint" => {
                self.end_trackpoint();
                let point = TrackPoint::new(ErrorLocation::Byte(at as u64), None);
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

impl TcxReader {
    fn end_leaf(&mut self) {
        let (Some(leaf), Some(trackpoint)) = (self.leaf.take(), &mut self.trackpoint) else {
            return;
        };
        let number = scalars::number(&self.value);
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
        // Indoors, devices continue with only the heart rate.
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
        // A truncated point counts if its time and position are complete.
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
mod tests;
