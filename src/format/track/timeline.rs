//! Google Timeline: `Records.json` and `Semantic Location History` of Takeout, and `Timeline.json` of a phone,
//! as written by Android and iOS.
//!
//! Visits and the ends of activities are positions that Google derived: used only if there is no track.

mod json_fields;

use serde_json::Value;

use json_fields::{e7_place, either, lat_lng, later};

use super::geojson;
use super::json_scanner::{self, List, Object};
use super::point::TrackPoint;
use super::scalars;
use crate::format::{ErrorLocation, Malformed, parsed_track::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

/// Positions from cell towers or networks may be wrong by kilometres.
const COARSE_M: f64 = 100.0;
const COARSE: &str = "positions that Google takes for accurate to more than 100 m";

/// Keys of the top-level lists of the files.
const KEYS: [&str; 4] = ["locations", "timelineObjects", "semanticSegments", "rawSignals"];

/// Whether an object is a complete Timeline file.
pub fn is_timeline(object: &Object<'_>) -> bool {
    KEYS.iter().any(|key| object.get(*key).is_some_and(|list| list.get().starts_with('[')))
}

/// Whether the list that an iPhone writes starts here: segments with times.
pub fn is_list(head: &str) -> bool {
    let first = head.trim_start().strip_prefix('[').map(str::trim_start);
    let keys = ["\"timelinePath\"", "\"visit\"", "\"activity\"", "\"timelineMemory\""];
    first.is_some_and(|first| {
        first.starts_with('{')
            && first.contains("\"startTime\"")
            && keys.iter().any(|key| first.contains(key))
    })
}

/// Reads a whole file.
///
/// # Errors
/// Not JSON, or cut off.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = scalars::decode(bytes);
    let mut reading = TimelineReader::default();
    if text.trim_start().starts_with('[') {
        reading.each(&text, TimelineReader::segment)?;
        reading.end();
        return Ok(reading.recording);
    }
    let object: Object<'_> = serde_json::from_str(&text).map_err(json_scanner::wrong)?;
    let lists: [(&str, Step); 4] = [
        (KEYS[0], TimelineReader::location),
        (KEYS[1], TimelineReader::timeline_object),
        (KEYS[2], TimelineReader::segment),
        (KEYS[3], TimelineReader::raw_signal),
    ];
    for (key, read) in lists {
        if let Some(list) = object.get(key) {
            reading.each(list.get(), read)?;
            reading.end();
        }
    }
    Ok(reading.recording)
}

/// Processes one entry of a list.
type Step = fn(&mut TimelineReader, &Value);

#[derive(Default)]
struct TimelineReader {
    recording: Recording,
    path: Vec<Fix>,
    /// Index of the current entry in its list, from 1.
    number: u64,
}

impl TimelineReader {
    fn each(&mut self, list: &str, read: Step) -> Result<(), Malformed> {
        let list: List<'_> = serde_json::from_str(list).map_err(json_scanner::wrong)?;
        for (number, value) in (1..).zip(list) {
            self.number = number;
            read(self, &serde_json::from_str(value.get()).map_err(json_scanner::wrong)?);
        }
        Ok(())
    }

    fn end(&mut self) {
        if !self.path.is_empty() {
            self.recording.segments.push(std::mem::take(&mut self.path));
        }
    }

    /// From Records.json.
    fn location(&mut self, location: &Value) {
        // Other programs use a list of this name too.
        if location["type"] == "Feature" {
            let text = location.to_string();
            if let Ok(object) = serde_json::from_str::<Object<'_>>(&text) {
                let mut feature = geojson::GeoJsonReader::default();
                feature.feature(&object);
                let found = feature.finish();
                self.path.extend(found.segments.concat());
                self.recording.offsets += found.offsets;
                for remark in found.remarks {
                    self.recording.remark(&remark.what, self.at());
                }
            }
            return;
        }
        let mut point = self.point(e7_place(&location["latitudeE7"], &location["longitudeE7"]));
        point.time = json_scanner::time(either(location, "timestamp", "timestampMs"));
        point.ele_m = location["altitude"].as_f64();
        point.set_speed_mps(location["velocity"].as_f64());
        point.set_course(location["heading"].as_f64());
        self.check(&location["accuracy"]);
        self.add(point);
    }

    /// From Semantic Location History: each activity is a segment.
    fn timeline_object(&mut self, object: &Value) {
        let activity = &object["activitySegment"];
        if activity.is_object() {
            let duration = &activity["duration"];
            let ends = [("startLocation", "start"), ("endLocation", "end")];
            let end = |reading: &mut TimelineReader, (place, time): (&str, &str)| {
                let time =
                    either(duration, &format!("{time}Timestamp"), &format!("{time}TimestampMs"));
                reading.place_e7(&activity[place], time)
            };
            let first = end(self, ends[0]);
            self.path.extend(first);
            for raw in activity["simplifiedRawPath"]["points"].as_array().into_iter().flatten() {
                let mut point = self.point(e7_place(
                    either(raw, "latE7", "latitudeE7"),
                    either(raw, "lngE7", "longitudeE7"),
                ));
                point.time = json_scanner::time(either(raw, "timestamp", "timestampMs"));
                self.check(&raw["accuracyMeters"]);
                self.add(point);
            }
            let last = end(self, ends[1]);
            self.path.extend(last);
            self.end();
        }
        let visit = &object["placeVisit"];
        for time in ["start", "end"] {
            let name = (format!("{time}Timestamp"), format!("{time}TimestampMs"));
            let fix =
                self.place_e7(&visit["location"], either(&visit["duration"], &name.0, &name.1));
            self.recording.waypoints.extend(fix);
        }
    }

    /// A position that may be missing.
    fn place_e7(&mut self, place: &Value, time: &Value) -> Option<Fix> {
        let position = e7_place(&place["latitudeE7"], &place["longitudeE7"])?;
        let mut point = self.point(Some(position));
        point.time = json_scanner::time(time);
        point.into_fix(&mut self.recording)
    }

    /// From Timeline.json: all paths are joined into one, because a segment is a two-hour interval and not a break.
    fn segment(&mut self, segment: &Value) {
        for step in segment["timelinePath"].as_array().into_iter().flatten() {
            let mut point = self.point(step["point"].as_str().and_then(lat_lng));
            point.time = match &step["time"] {
                Value::Null => {
                    later(&segment["startTime"], &step["durationMinutesOffsetFromStartTime"])
                }
                time => json_scanner::time(time),
            };
            self.add(point);
        }
        let (activity, visit) = (&segment["activity"], &segment["visit"]["topCandidate"]);
        let ends = [
            (&activity["start"], "startTime"),
            (&activity["end"], "endTime"),
            (&visit["placeLocation"], "startTime"),
            (&visit["placeLocation"], "endTime"),
        ];
        for (place, time) in ends {
            let text = place.as_str().or_else(|| place["latLng"].as_str());
            let Some(position) = text.and_then(lat_lng) else { continue };
            let mut point = self.point(Some(position));
            point.time = json_scanner::time(&segment[time]);
            let fix = point.into_fix(&mut self.recording);
            self.recording.waypoints.extend(fix);
        }
    }

    /// From Timeline.json: what the phone itself measured in recent weeks.
    fn raw_signal(&mut self, signal: &Value) {
        let position = &signal["position"];
        // Other signals describe networks and the phone's movement.
        if !position.is_object() {
            return;
        }
        let text = either(position, "LatLng", "latLng").as_str();
        let mut point = self.point(text.and_then(lat_lng));
        point.time = json_scanner::time(&position["timestamp"]);
        point.ele_m = position["altitudeMeters"].as_f64();
        point.set_speed_mps(position["speedMetersPerSecond"].as_f64());
        self.check(&position["accuracyMeters"]);
        self.add(point);
    }

    fn check(&mut self, accuracy: &Value) {
        if accuracy.as_f64().is_some_and(|accuracy_m| accuracy_m > COARSE_M) {
            self.recording.remark(COARSE, self.at());
        }
    }

    fn at(&self) -> ErrorLocation {
        ErrorLocation::Entry(self.number)
    }

    fn point(&self, position: Option<Position>) -> TrackPoint {
        TrackPoint::new(self.at(), position)
    }

    fn add(&mut self, point: TrackPoint) {
        self.path.extend(point.into_fix(&mut self.recording));
    }
}

#[cfg(test)]
mod tests;
