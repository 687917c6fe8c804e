//! Tracks in KML 2.2 and 2.3: `gx:Track`, alone or in `gx:MultiTrack`, and placemarks with a TimeStamp.
//!
//! Lines without times, styles, models and overlays are ignored.

mod coordinates;
mod gx_track;

use quick_xml::events::BytesStart;

use coordinates::{Coordinates, byte, point};
use gx_track::GxTrack;

use super::point::Time;
use super::{scalars, xml};
use crate::format::{Malformed, parsed_track::Recording};
use crate::value::track::Fix;

const LINES: &str = "points of lines, which have no times, left out";
const SPANS: &str = "placemarks with a time span instead of an instant left out";

/// Reads a whole file.
///
/// # Errors
/// Only if the file is not KML at all.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = scalars::decode(bytes);
    let mut reading = KmlReader::default();
    xml::walk(&text, &mut reading);
    reading.finish(&text)
}

#[derive(Default)]
struct Placemark {
    at: usize,
    when: Option<Time>,
    place: Option<Coordinates>,
    is_span: bool,
    is_above_ground: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Leaf {
    When,
    Coord,
    PointCoordinates,
    LineCoordinates,
    AltitudeMode,
}

#[derive(Default)]
struct KmlReader {
    recording: Recording,
    /// Placemarks with an instant, grouped by folder.
    folders: Vec<Vec<Fix>>,
    folder: Vec<Fix>,
    gx: Option<GxTrack>,
    placemark: Option<Placemark>,
    leaf: Option<(Leaf, usize)>,
    value: String,
    /// The number of points in the current coordinates.
    count: u64,
    is_point: bool,
    /// Whether the current elements say where a reader looks from, and at which time, not what is there.
    is_view: bool,
    /// Of the heights in the `gx:MultiTrack` around the current elements, unless a track has a mode of its own.
    is_multi_above_ground: Option<bool>,
    is_kml: bool,
    is_closed: bool,
}

impl xml::Elements for KmlReader {
    fn open(&mut self, name: &[u8], _: &BytesStart<'_>, at: usize) {
        match name {
            b"kml" => self.is_kml = true,
            b"Folder" | b"Document" => self.end_folder(),
            b"Placemark" => {
                self.placemark = Some(Placemark { at, ..Placemark::default() });
                self.is_view = false;
            }
            b"LookAt" | b"Camera" => self.is_view = true,
            b"Track" => {
                self.end_track();
                self.gx = Some(GxTrack::new(self.is_multi_above_ground.unwrap_or(false)));
            }
            b"MultiTrack" => self.is_multi_above_ground = Some(false),
            b"Point" => self.is_point = true,
            b"when" | b"altitudeMode" | b"TimeSpan" if self.is_view => {}
            b"TimeSpan" => {
                self.placemark.iter_mut().for_each(|placemark| placemark.is_span = true);
            }
            b"when" => self.begin(Leaf::When, at),
            b"coord" => self.begin(Leaf::Coord, at),
            b"altitudeMode" => self.begin(Leaf::AltitudeMode, at),
            b"coordinates" if self.is_point => self.begin(Leaf::PointCoordinates, at),
            b"coordinates" => self.begin(Leaf::LineCoordinates, at),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"when" | b"coord" | b"coordinates" | b"altitudeMode" => self.end_leaf(),
            b"Point" => self.is_point = false,
            b"MultiTrack" => self.is_multi_above_ground = None,
            b"LookAt" | b"Camera" => self.is_view = false,
            b"Track" => self.end_track(),
            b"Placemark" => self.end_placemark(),
            b"Folder" | b"Document" => self.end_folder(),
            b"kml" => self.is_closed = true,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let Some((leaf, _)) = self.leaf else { return };
        if leaf == Leaf::LineCoordinates {
            self.count += text.split_ascii_whitespace().count() as u64;
        } else {
            xml::add(&mut self.value, text);
        }
    }

    fn damaged(&mut self) {
        self.leaf = None;
        self.gx.iter_mut().for_each(GxTrack::damaged);
        self.placemark = None;
        self.is_point = false;
        self.is_view = false;
    }

    fn recording(&mut self) -> &mut Recording {
        &mut self.recording
    }
}

impl KmlReader {
    fn begin(&mut self, leaf: Leaf, at: usize) {
        // The end tag of the previous one may be missing, but it still has a partner.
        self.end_leaf();
        self.leaf = Some((leaf, at));
        self.value.clear();
        self.count = 0;
    }

    fn end_leaf(&mut self) {
        let Some((leaf, at)) = self.leaf.take() else { return };
        let value = self.value.trim();
        match leaf {
            Leaf::When => {
                let time = Time::from_text(value);
                match (&mut self.gx, &mut self.placemark) {
                    (Some(gx), _) => gx.whens.push((time, at)),
                    (None, Some(placemark)) => placemark.when = Some(time),
                    (None, None) => {}
                }
            }
            Leaf::Coord => {
                let place = coordinates::parse(value);
                self.gx.iter_mut().for_each(|gx| gx.coordinates.push((place, at)));
            }
            Leaf::PointCoordinates => {
                let place = coordinates::parse(value);
                self.placemark.iter_mut().for_each(|placemark| placemark.place = Some(place));
            }
            Leaf::LineCoordinates => self.recording.remark_more(LINES, byte(at), self.count),
            Leaf::AltitudeMode => {
                let is_above = matches!(value, "relativeToGround" | "relativeToSeaFloor");
                match (&mut self.gx, &mut self.placemark) {
                    (Some(gx), _) => gx.is_above_ground = is_above,
                    (None, Some(placemark)) if self.is_point => {
                        placemark.is_above_ground = is_above;
                    }
                    _ => self.is_multi_above_ground = self.is_multi_above_ground.map(|_| is_above),
                }
            }
        }
    }

    fn end_track(&mut self) {
        let Some(gx) = self.gx.take() else { return };
        let segment = gx.segment(&mut self.recording);
        if !segment.is_empty() {
            self.recording.segments.push(segment);
        }
    }

    fn end_placemark(&mut self) {
        let Some(placemark) = self.placemark.take() else { return };
        let Some(place) = placemark.place else { return };
        match placemark.when {
            None if placemark.is_span => self.recording.remark(SPANS, byte(placemark.at)),
            // A placemark on a map does not need a time.
            None => {}
            Some(time) => {
                let is_above_ground = placemark.is_above_ground;
                let mut point = point(placemark.at, place, is_above_ground, &mut self.recording);
                point.time = time;
                self.folder.extend(point.into_fix(&mut self.recording));
            }
        }
    }

    fn end_folder(&mut self) {
        self.end_track();
        if !self.folder.is_empty() {
            self.folders.push(std::mem::take(&mut self.folder));
        }
    }

    fn finish(mut self, text: &str) -> Result<Recording, Malformed> {
        let is_closed = self.is_closed;
        self.gx.iter_mut().for_each(|gx| gx.is_cut = !is_closed);
        self.end_folder();
        let KmlReader { mut recording, folders, .. } = self;
        if !self.is_kml && recording.segments.is_empty() && folders.is_empty() {
            return Err(Malformed::at_line(1, "not KML: there is no element 'kml'"));
        }
        // Beside a track, placemarks mark something else, such as photos or stops.
        if recording.segments.is_empty() {
            recording.segments = folders;
        } else {
            recording.waypoints = folders.concat();
        }
        Ok(xml::finish(text, self.is_closed, recording))
    }
}

#[cfg(test)]
mod tests;
