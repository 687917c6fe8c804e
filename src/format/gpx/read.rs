//! Reads tracks from GPX: uses what is valid and reports the rest.

use quick_xml::events::BytesStart;

use super::leaf::Leaf;
use crate::format::parsed_track::Recording;
use crate::format::track::point::{Time, TrackPoint};
use crate::format::track::{scalars, xml};
use crate::format::{ErrorLocation, Malformed};
use crate::value::geo::Position;
use crate::value::track::Fix;

const NO_HEIGHT: &str = "points without a height";
const PLACES: &str = "waypoints and points of routes without a time beside the track are not used";

/// Reads a whole file.
///
/// # Errors
/// Only if the file is not GPX at all. Otherwise returns what could be read, and [`Recording::remarks`] reports the
/// rest, each kind with the line of its first occurrence.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = scalars::decode(bytes);
    let mut reading = GpxReader::default();
    xml::walk(&text, &mut reading);
    reading.finish(&text)
}

#[derive(Clone, Copy, PartialEq)]
enum PointKind {
    Track,
    /// Waypoints and route points.
    Single,
}

#[derive(Default)]
struct GpxReader {
    recording: Recording,
    segment: Vec<Fix>,
    point: Option<(PointKind, TrackPoint)>,
    leaf: Option<Leaf>,
    value: String,
    /// Whether the current elements are extensions, which may have times of their own.
    is_extension: bool,
    is_gpx: bool,
    is_closed: bool,
    /// The number of positions without a time, and the location of the first.
    places: Option<(u64, ErrorLocation)>,
}

impl xml::Elements for GpxReader {
    fn open(&mut self, name: &[u8], tag: &BytesStart<'_>, at: usize) {
        match name {
            b"gpx" => self.is_gpx = true,
            b"trkpt" => self.begin(PointKind::Track, tag, at),
            b"wpt" | b"rtept" => self.begin(PointKind::Single, tag, at),
            b"trkseg" | b"trk" => self.end_segment(),
            b"extensions" => self.is_extension = true,
            name if self.point.is_some() => {
                self.leaf =
                    Leaf::named(name).filter(|leaf| !(self.is_extension && *leaf == Leaf::Time));
                self.value.clear();
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"trkpt" | b"wpt" | b"rtept" => self.end_point(),
            b"trkseg" | b"trk" => self.end_segment(),
            b"gpx" => self.is_closed = true,
            b"extensions" => self.is_extension = false,
            name if self.leaf.is_some() && self.leaf == Leaf::named(name) => self.end_leaf(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.leaf.is_some() {
            xml::add(&mut self.value, text);
        }
    }

    fn damaged(&mut self) {
        self.point = None;
        self.leaf = None;
    }

    fn recording(&mut self) -> &mut Recording {
        &mut self.recording
    }
}

impl GpxReader {
    fn begin(&mut self, kind: PointKind, tag: &BytesStart<'_>, at: usize) {
        // The previous point may lack its end tag, and so may its extensions.
        self.end_point();
        self.is_extension = false;
        let (mut lon_deg, mut lat_deg) = (None, None);
        for attribute in tag.attributes().with_checks(false).flatten() {
            match attribute.key.local_name().as_ref().as_bytes() {
                b"lon" => lon_deg = scalars::number(&attribute.value),
                b"lat" => lat_deg = scalars::number(&attribute.value),
                _ => {}
            }
        }
        let place = lon_deg.zip(lat_deg);
        let position = place.and_then(|(lon, lat)| Position::new(lon, lat).ok());
        self.point = Some((kind, TrackPoint::new(ErrorLocation::Byte(at as u64), position)));
    }

    fn end_leaf(&mut self) {
        let (Some(leaf), Some((_, point))) = (self.leaf.take(), &mut self.point) else { return };
        leaf.set(point, &self.value);
    }

    fn end_point(&mut self) {
        self.leaf = None;
        let Some((kind, point)) = self.point.take() else { return };
        // Waypoints on a map do not need a time.
        if kind == PointKind::Single && point.position.is_some() && point.time == Time::Absent {
            self.places.get_or_insert((0, point.at)).0 += 1;
            return;
        }
        let (at, has_height) = (point.at, point.ele_m.is_some());
        let Some(fix) = point.into_fix(&mut self.recording) else { return };
        if !has_height && kind == PointKind::Track {
            self.recording.remark(NO_HEIGHT, at);
        }
        match kind {
            PointKind::Track => self.segment.push(fix),
            PointKind::Single => self.recording.waypoints.push(fix),
        }
    }

    fn end_segment(&mut self) {
        self.end_point();
        if !self.segment.is_empty() {
            self.recording.segments.push(std::mem::take(&mut self.segment));
        }
    }

    fn finish(mut self, text: &str) -> Result<Recording, Malformed> {
        // A point cut off by a flat battery is kept if its time is complete.
        if self.point.as_ref().is_some_and(|(_, point)| matches!(point.time, Time::Known { .. })) {
            self.end_point();
        }
        self.point = None;
        self.end_segment();
        if !self.is_gpx && self.recording.segments.is_empty() && self.recording.waypoints.is_empty()
        {
            return Err(Malformed::at_line(1, "not GPX: there is no element 'gpx'"));
        }
        if let Some((count, first)) = self.places.filter(|_| self.recording.fixes() > 0) {
            self.recording.remark_more(PLACES, first, count);
        }
        Ok(xml::finish(text, self.is_closed, self.recording))
    }
}

#[cfg(test)]
mod tests;
