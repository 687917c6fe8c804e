//! Tracks of KML 2.2 and 2.3: `gx:Track` alone and in `gx:MultiTrack`, and placemarks with a TimeStamp.
//!
//! Lines have no times, and neither have styles, models and overlays to do with tracks.

use quick_xml::events::BytesStart;

use super::point::{Point, Time};
use super::{text, xml};
use crate::format::{Malformed, Place, track_log::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

const NO_PLACE: &str = "times of a track without a place left out";
const NO_TIME: &str = "places of a track without a time left out";
const LINES: &str = "points of lines, which have no times, left out";
const SPANS: &str = "placemarks with a time span instead of an instant left out";
const ABOVE_GROUND: &str = "heights above ground left out";

/// Reads a whole file.
///
/// # Errors
/// Only for what is no KML at all.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = text::decode(bytes);
    let mut reading = Reading::default();
    xml::walk(&text, &mut reading);
    reading.finish(&text)
}

/// A time or a place of a `gx:Track`, which has first all times and then all places.
type Coordinates = Option<(Position, Option<f64>)>;

#[derive(Default)]
struct Gx {
    whens: Vec<(Time, usize)>,
    coordinates: Vec<(Coordinates, usize)>,
}

#[derive(Default)]
struct Placemark {
    at: usize,
    when: Option<Time>,
    place: Option<Coordinates>,
    is_span: bool,
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
struct Reading {
    recording: Recording,
    /// Placemarks with an instant, those of a folder together.
    folders: Vec<Vec<Fix>>,
    folder: Vec<Fix>,
    gx: Option<Gx>,
    placemark: Option<Placemark>,
    leaf: Option<(Leaf, usize)>,
    value: String,
    /// Points in the coordinates at hand.
    count: u64,
    is_point: bool,
    is_above_ground: bool,
    is_kml: bool,
    is_closed: bool,
}

impl xml::Elements for Reading {
    fn open(&mut self, name: &[u8], _: &BytesStart<'_>, at: usize) {
        match name {
            b"kml" => self.is_kml = true,
            b"Folder" | b"Document" => self.end_folder(),
            b"Placemark" => self.placemark = Some(Placemark { at, ..Placemark::default() }),
            b"Track" => {
                self.end_track();
                (self.gx, self.is_above_ground) = (Some(Gx::default()), false);
            }
            b"Point" => (self.is_point, self.is_above_ground) = (true, false),
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
        self.placemark = None;
        self.is_point = false;
    }

    fn recording(&mut self) -> &mut Recording {
        &mut self.recording
    }
}

impl Reading {
    fn begin(&mut self, leaf: Leaf, at: usize) {
        self.leaf = Some((leaf, at));
        self.value.clear();
        self.count = 0;
    }

    fn end_leaf(&mut self) {
        let Some((leaf, at)) = self.leaf.take() else { return };
        let value = self.value.trim();
        match leaf {
            Leaf::When => {
                let time = if value.is_empty() { Time::Absent } else { Time::from_text(value) };
                match (&mut self.gx, &mut self.placemark) {
                    (Some(gx), _) => gx.whens.push((time, at)),
                    (None, Some(placemark)) => placemark.when = Some(time),
                    (None, None) => {}
                }
            }
            Leaf::Coord => {
                let place = coordinates(value);
                self.gx.iter_mut().for_each(|gx| gx.coordinates.push((place, at)));
            }
            Leaf::PointCoordinates => {
                let place = coordinates(value);
                self.placemark.iter_mut().for_each(|placemark| placemark.place = Some(place));
            }
            Leaf::LineCoordinates => self.recording.remark_more(LINES, byte(at), self.count),
            Leaf::AltitudeMode => self.is_above_ground |= value == "relativeToGround",
        }
    }

    /// Times and places belong together by their order; either may be blank where the receiver knew none.
    fn end_track(&mut self) {
        let Some(gx) = self.gx.take() else { return };
        let mut segment = Vec::new();
        for ((time, at), (place, _)) in gx.whens.iter().zip(&gx.coordinates) {
            let mut point = self.point(*at, *place);
            point.time = *time;
            segment.extend(point.into_fix(&mut self.recording));
        }
        let paired = gx.whens.len().min(gx.coordinates.len());
        for (_, at) in gx.whens.iter().skip(paired) {
            self.recording.remark(NO_PLACE, byte(*at));
        }
        for (_, at) in gx.coordinates.iter().skip(paired) {
            self.recording.remark(NO_TIME, byte(*at));
        }
        if !segment.is_empty() {
            self.recording.segments.push(segment);
        }
    }

    fn end_placemark(&mut self) {
        let Some(placemark) = self.placemark.take() else { return };
        let Some(place) = placemark.place else { return };
        match placemark.when {
            None if placemark.is_span => self.recording.remark(SPANS, byte(placemark.at)),
            // A place on a map has no time and never claimed one.
            None => {}
            Some(time) => {
                let mut point = self.point(placemark.at, place);
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

    fn point(&mut self, at: usize, place: Coordinates) -> Point {
        let mut point = Point::new(byte(at), place.map(|(position, _)| position));
        point.ele_m = place.and_then(|(_, ele_m)| ele_m);
        if self.is_above_ground && point.ele_m.take().is_some() {
            self.recording.remark(ABOVE_GROUND, byte(at));
        }
        point
    }

    fn finish(mut self, text: &str) -> Result<Recording, Malformed> {
        self.end_folder();
        let Reading { mut recording, folders, .. } = self;
        if !self.is_kml && recording.segments.is_empty() && folders.is_empty() {
            return Err(Malformed::at_line(1, "not KML: there is no element 'kml'"));
        }
        // Beside a track, placemarks are the places of something else: photos, rests.
        if recording.segments.is_empty() {
            recording.segments = folders;
        } else {
            recording.waypoints = folders.concat();
        }
        Ok(xml::finish(text, self.is_closed, recording))
    }
}

fn byte(at: usize) -> Place {
    Place::Byte(at as u64)
}

/// `lon,lat,height` of a point, or `lon lat height` of a `gx:coord`.
fn coordinates(text: &str) -> Coordinates {
    let parts = text.split(|c: char| c == ',' || c.is_ascii_whitespace());
    let mut numbers = parts.filter(|part| !part.is_empty()).map(text::number);
    let (lon_deg, lat_deg) = (numbers.next()??, numbers.next()??);
    let position = Position::new(lon_deg, lat_deg).ok()?;
    Some((position, numbers.next().flatten()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::format_instant;

    fn file(inner: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<kml xmlns:gx=\"http://www.google.com/kml/ext/2.2\"><Document>\n{inner}</Document></kml>\n"
        )
    }

    fn track(prefix: &str, seconds: std::ops::Range<u32>) -> String {
        let whens = seconds.clone().map(|s| format!("<when>2024-05-01T12:00:{s:02}Z</when>\n"));
        let coords =
            seconds.map(|s| format!("<{prefix}coord>8.25 47.{s:02} 431.5</{prefix}coord>\n"));
        let parts: String = whens.chain(coords).collect();
        format!("<{prefix}Track>{parts}</{prefix}Track>")
    }

    fn read_text(text: &str) -> Recording {
        read(text.as_bytes()).unwrap()
    }

    fn remarks(recording: &Recording) -> Vec<String> {
        recording.remarks.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tracks_pair_times_and_places_in_their_order() {
        for prefix in ["gx:", ""] {
            let parts = track(prefix, 0..3) + &track(prefix, 5..6);
            let multi = format!("<Placemark><gx:MultiTrack>{parts}</gx:MultiTrack></Placemark>");
            let recording = read_text(&file(&multi));
            let fix = recording.segments[0][2];
            assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
            assert_eq!(format_instant(fix.time_ms).unwrap(), "2024-05-01T12:00:02Z");
            assert_eq!((fix.position.lon_deg(), fix.position.lat_deg()), (8.25, 47.02));
            assert_eq!(fix.ele_m.get(), Some(431.5));
            assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
        }
    }

    #[test]
    fn blanks_and_what_has_no_partner_are_counted() {
        let inner = "<gx:Track><when>2024-05-01T12:00:00Z</when><when/>\n\
            <when>2024-05-01T12:00:02Z</when><when>2024-05-01T12:00:03Z</when>\
            <gx:coord>8 47</gx:coord><gx:coord>8 47</gx:coord><gx:coord/></gx:Track>";
        let recording = read_text(&file(inner));
        assert_eq!(recording.fixes(), 1);
        assert_eq!(
            remarks(&recording),
            [
                "points without a time left out in line 3",
                "points left out, since their position cannot be read in line 4",
                "times of a track without a place left out in line 4",
            ]
        );
    }

    #[test]
    fn placemarks_with_an_instant_are_segments_of_their_folders_and_beside_a_track_waypoints() {
        let mark = |s: u32| {
            format!(
                "<Placemark><TimeStamp><when>2024-05-01T12:00:{s:02}Z</when></TimeStamp><LookAt>\
                 <longitude>0</longitude></LookAt><Point><coordinates> 8.25,47.{s:02},400 \
                 </coordinates></Point></Placemark>"
            )
        };
        let [a, b] = [mark(1) + &mark(2), mark(3)];
        let rest = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>\
            <Placemark><LineString><coordinates>1,2 3,4\n5,6</coordinates></LineString></Placemark>\
            <Placemark><TimeSpan><begin>2024</begin></TimeSpan><Point><coordinates>1,2</coordinates>\
            </Point></Placemark>";
        let folders = format!("<Folder>{a}</Folder><Folder>{b}{rest}</Folder>");
        let recording = read_text(&file(&folders));
        assert_eq!(recording.segments.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(recording.segments[1][0].position.lat_deg(), 47.03);
        assert_eq!(
            remarks(&recording),
            [
                "points of lines, which have no times, left out: 3, first in line 3",
                "placemarks with a time span instead of an instant left out in line 4",
            ]
        );
        let both = read_text(&file(&(folders + &track("gx:", 0..2))));
        assert_eq!((both.segments.len(), both.waypoints.len()), (1, 3));
    }

    #[test]
    fn heights_above_ground_are_none_of_the_sea_level() {
        let inner = track("gx:", 0..1)
            .replace("<gx:Track>", "<gx:Track><altitudeMode>relativeToGround</altitudeMode>");
        let recording = read_text(&file(&inner));
        assert_eq!(recording.segments[0][0].ele_m.get(), None);
        assert_eq!(remarks(&recording), ["heights above ground left out in line 3"]);
    }

    #[test]
    fn a_file_cut_anywhere_or_changed_at_random_does_no_harm() {
        let whole = file(&track("gx:", 0..5));
        let all = read_text(&whole).segments.concat();
        for end in 0..whole.len() {
            let Ok(cut) = read(&whole.as_bytes()[..end]) else { continue };
            let fixes = cut.segments.concat();
            assert_eq!(fixes, all[..fixes.len()]);
            assert!(fixes.len() >= whole[..end].matches("</gx:coord>").count());
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
