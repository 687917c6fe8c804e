//! Tracks in GeoJSON: lines with times in a separate list or in the fourth coordinate, and points with a time.
//!
//! RFC 7946 defines no times; the names here are those that programs use.

mod properties;

use std::collections::BTreeMap;

use properties::times;
use serde_json::Value;
use serde_json::value::RawValue;

use super::json_scanner::{self, List, Object};
use super::point::{Time, TrackPoint};
use crate::format::{ErrorLocation, Malformed, parsed_track::Recording};
use crate::value::track::Fix;

/// Types that a feature, a geometry or a collection of them may have.
const TYPES: [&str; 9] = [
    "FeatureCollection",
    "Feature",
    "GeometryCollection",
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
];

/// The maximum depth of nested collections: real files have two or three levels.
const MAX_DEPTH: usize = 16;

const NO_TIME: &str = "points without a time left out";
const UNEVEN: &str = "lines left out that have another number of times than of points";
const FOURTH: &str =
    "lines whose fourth coordinates are other times than those of the list, which is used";
const PLACE: &str = "features left out, since their geometry cannot be read";

/// Whether an object is GeoJSON.
pub fn is_geojson(object: &Object<'_>) -> bool {
    let kind = object.get("type").and_then(|kind| serde_json::from_str::<String>(kind.get()).ok());
    kind.is_some_and(|kind| TYPES.contains(&kind.as_str()))
}

/// Reads a whole file, or one feature per line.
///
/// # Errors
/// Not JSON, or cut off.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = json_scanner::decode(bytes);
    let mut reading = GeoJsonReader { text: &text, ..GeoJsonReader::default() };
    for object in json_scanner::objects(&text) {
        reading.object(&object?, 0)?;
    }
    Ok(reading.finish())
}

#[derive(Default)]
pub(super) struct GeoJsonReader<'a> {
    pub text: &'a str,
    recording: Recording,
    /// Points, grouped by their sequence, if they have one.
    points: BTreeMap<String, Vec<Fix>>,
}

impl GeoJsonReader<'_> {
    fn object(&mut self, object: &Object<'_>, depth: usize) -> Result<(), Malformed> {
        let list = object.get("features").or(object.get("geometries"));
        match list {
            Some(list) if depth < MAX_DEPTH => self.list(list, depth),
            Some(_) => {
                Err(Malformed::at_line(1, format!("more than {MAX_DEPTH} collections deep")))
            }
            None => {
                self.feature(object);
                Ok(())
            }
        }
    }

    fn list(&mut self, list: &RawValue, depth: usize) -> Result<(), Malformed> {
        let members: List<'_> = serde_json::from_str(list.get()).map_err(json_scanner::wrong)?;
        for member in members {
            let object: Option<Object<'_>> =
                serde_json::from_str(member.get()).map_err(json_scanner::wrong)?;
            object.map_or(Ok(()), |object| self.object(&object, depth + 1))?;
        }
        Ok(())
    }

    /// A feature, or a bare geometry, which has times only in its coordinates.
    pub(super) fn feature(&mut self, object: &Object<'_>) {
        let value = |name: &str| {
            let value = object.get(name).map(|value| serde_json::from_str(value.get()));
            value.and_then(Result::ok).unwrap_or(Value::Null)
        };
        let at = object.values().next().map_or(ErrorLocation::Line(1), |value| self.line_of(value));
        let geometry = if object.contains_key("geometry") {
            value("geometry")
        } else {
            serde_json::json!({ "type": value("type"), "coordinates": value("coordinates") })
        };
        let properties = value("properties");
        let coordinates = &geometry["coordinates"];
        if let Some(what) = properties::differing_lists(&properties) {
            self.recording.remark(&what, at);
        }
        match geometry["type"].as_str() {
            // A feature without a geometry has null here (section 3.2).
            None if geometry.is_null() => {}
            Some("Point") => self.point(coordinates, &properties, at),
            Some("LineString") => {
                let times = times(&properties).or_else(|| times(&value("when")));
                self.line(coordinates, times.as_ref(), at);
            }
            Some("MultiLineString") => {
                let times = times(&properties).unwrap_or_default();
                for (n, line) in (0..).zip(coordinates.as_array().into_iter().flatten()) {
                    self.line(line, times.get(n), at);
                }
            }
            Some("MultiPoint") => self.line(coordinates, times(&properties).as_ref(), at),
            Some("GeometryCollection") => {
                self.collection(&geometry["geometries"], &properties, at);
            }
            Some("Polygon" | "MultiPolygon") => {}
            _ => self.recording.remark(PLACE, at),
        }
    }

    fn point(&mut self, coordinates: &Value, properties: &Value, at: ErrorLocation) {
        let place = json_scanner::coordinates(coordinates);
        let mut point = TrackPoint::new(at, place.map(|place| place.0));
        point.ele_m = place.and_then(|place| place.1);
        properties::set(&mut point, properties, &mut self.recording);
        let fix = point.into_fix(&mut self.recording);
        self.points.entry(properties::part(properties)).or_default().extend(fix);
    }

    /// The parts of a placemark, as togeojson writes them: a list of times for each line, or the only one without a list
    /// around it.
    fn collection(&mut self, geometries: &Value, properties: &Value, at: ErrorLocation) {
        let geometries = geometries.as_array().map_or(&[][..], Vec::as_slice);
        let times = times(properties);
        let lists = match times.as_ref().and_then(Value::as_array) {
            Some(lists) if lists.iter().all(Value::is_array) => lists.iter().collect(),
            Some(_) => times.iter().collect(),
            None => Vec::new(),
        };
        let lines = geometries.iter().filter(|geometry| geometry["type"] == "LineString").count();
        if !lists.is_empty() && lists.len() != lines {
            return self.recording.remark(UNEVEN, at);
        }
        let mut lists = lists.into_iter();
        for geometry in geometries {
            match geometry["type"].as_str() {
                Some("Point") => self.point(&geometry["coordinates"], properties, at),
                Some("LineString") => self.line(&geometry["coordinates"], lists.next(), at),
                Some("Polygon" | "MultiPolygon") => {}
                _ => self.recording.remark(PLACE, at),
            }
        }
    }

    fn line(&mut self, coordinates: &Value, times: Option<&Value>, at: ErrorLocation) {
        let places = coordinates.as_array().map_or(&[][..], Vec::as_slice);
        let times = times.and_then(Value::as_array).map(Vec::as_slice);
        let fourth: Option<Vec<Value>> = places.iter().map(|place| place.get(3).cloned()).collect();
        let times = match (times, &fourth) {
            (Some(times), _) if times.len() != places.len() => {
                return self.recording.remark(UNEVEN, at);
            }
            (Some(times), fourth) => {
                let fourth = fourth.as_deref().filter(|fourth| is_instants(fourth));
                if fourth.is_some_and(|fourth| are_other_times(times, fourth)) {
                    self.recording.remark(FOURTH, at);
                }
                times
            }
            (None, Some(times)) if is_instants(times) => times,
            (None, _) => return self.recording.remark_more(NO_TIME, at, places.len() as u64),
        };
        let mut segment = Vec::with_capacity(places.len());
        for (place, time) in places.iter().zip(times) {
            let place = json_scanner::coordinates(place);
            let mut point = TrackPoint::new(at, place.map(|place| place.0));
            point.ele_m = place.and_then(|place| place.1);
            point.time = json_scanner::time(time);
            segment.extend(point.into_fix(&mut self.recording));
        }
        self.recording.segments.push(segment);
    }

    /// The line where a part of the text starts.
    fn line_of(&self, part: &RawValue) -> ErrorLocation {
        let at = (part.get().as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        ErrorLocation::Byte(before.len() as u64)
    }

    pub(super) fn finish(mut self) -> Recording {
        self.recording.segments.extend(self.points.into_values());
        self.recording.segments.retain(|segment| !segment.is_empty());
        super::xml::finish(self.text, true, self.recording)
    }
}

/// Whether fourth coordinates are instants and not some other measure: in a ride, instants increase.
fn is_instants(values: &[Value]) -> bool {
    let times: Vec<Time> = values
        .iter()
        .map(|value| if value.is_number() { json_scanner::time(value) } else { Time::Wrong })
        .collect();
    let ms = |time: &Time| match time {
        Time::Known { ms, .. } => Some(*ms),
        _ => None,
    };
    !times.is_empty()
        && times.iter().all(|time| ms(time).is_some())
        && times.iter().map(ms).is_sorted()
}

/// Whether one of the times is another instant than the one of the same place.
fn are_other_times(times: &[Value], others: &[Value]) -> bool {
    let mut both = times.iter().zip(others);
    both.any(|(time, other)| json_scanner::time(time).contradicts(json_scanner::time(other)))
}

#[cfg(test)]
mod tests;
