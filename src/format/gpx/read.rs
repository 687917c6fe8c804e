//! Reads tracks from GPX: uses what is valid and reports the rest.

use quick_xml::{escape::unescape, events::BytesStart};

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
    Route,
    Waypoint,
}

#[derive(Default)]
struct GpxReader {
    recording: Recording,
    segment: Vec<Fix>,
    /// Points of routes with a time, a segment for each route: used only if there is no track.
    routes: Vec<Vec<Fix>>,
    route: Vec<Fix>,
    point: Option<(PointKind, TrackPoint)>,
    leaf: Option<Leaf>,
    value: String,
    /// How many elements `extensions` are open: they may have times of their own.
    extensions: usize,
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
            b"rtept" => self.begin(PointKind::Route, tag, at),
            b"wpt" => self.begin(PointKind::Waypoint, tag, at),
            b"trkseg" | b"trk" | b"rte" => self.end_segment(),
            b"extensions" => self.extensions += 1,
            name if self.point.is_some() => {
                let is_own = |leaf: &Leaf| self.extensions == 0 || *leaf != Leaf::Time;
                self.leaf = Leaf::named(name).filter(is_own);
                self.value.clear();
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"trkpt" | b"wpt" | b"rtept" => self.end_point(),
            b"trkseg" | b"trk" | b"rte" => self.end_segment(),
            b"gpx" => self.is_closed = true,
            b"extensions" => self.extensions = self.extensions.saturating_sub(1),
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
        self.extensions = 0;
        let point = TrackPoint::new(ErrorLocation::Byte(at as u64), position(tag));
        self.point = Some((kind, point));
    }

    fn end_leaf(&mut self) {
        let (Some(leaf), Some((_, point))) = (self.leaf.take(), &mut self.point) else { return };
        leaf.set(point, &self.value);
    }

    fn end_point(&mut self) {
        self.leaf = None;
        let Some((kind, point)) = self.point.take() else { return };
        // Waypoints on a map do not need a time.
        if kind != PointKind::Track && point.position.is_some() && point.time == Time::Absent {
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
            PointKind::Route => self.route.push(fix),
            PointKind::Waypoint => self.recording.waypoints.push(fix),
        }
    }

    fn end_segment(&mut self) {
        self.end_point();
        self.recording.segments.extend(taken(&mut self.segment));
        self.routes.extend(taken(&mut self.route));
    }

    fn finish(mut self, text: &str) -> Result<Recording, Malformed> {
        // A point cut off by a flat battery is kept if its time is complete.
        if self.point.as_ref().is_some_and(|(_, point)| matches!(point.time, Time::Known { .. })) {
            self.end_point();
        }
        self.point = None;
        self.end_segment();
        if self.recording.segments.is_empty() {
            self.recording.segments = self.routes;
        } else {
            self.recording.waypoints.extend(self.routes.concat());
        }
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

/// The fixes so far, unless there are none.
fn taken(fixes: &mut Vec<Fix>) -> Option<Vec<Fix>> {
    Some(std::mem::take(fixes)).filter(|fixes| !fixes.is_empty())
}

/// By the attributes `lon` and `lat`. One with a prefix is of another vocabulary, unless it is the only one.
fn position(tag: &BytesStart<'_>) -> Option<Position> {
    let (mut lon_deg, mut lat_deg) = (None, None);
    for attribute in tag.attributes().with_checks(false).flatten() {
        let degrees = match attribute.key.local_name().as_ref().as_bytes() {
            b"lon" => &mut lon_deg,
            b"lat" => &mut lat_deg,
            _ => continue,
        };
        if degrees.is_none() || attribute.key.prefix().is_none() {
            *degrees = unescape(&attribute.value).ok().and_then(|text| scalars::number(&text));
        }
    }
    Position::new(lon_deg?, lat_deg?).ok()
}

#[cfg(test)]
mod tests;
