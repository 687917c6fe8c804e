//! Google's Timeline: `Records.json` and `Semantic Location History` of Takeout, and `Timeline.json` of a phone, as
//! Android and as iOS write it.
//!
//! Visits and the ends of activities are places that Google worked out: a track of last resort.

use serde_json::Value;

use super::geojson;
use super::json::{self, List, Object};
use super::point::Point;
use super::text;
use crate::format::{Malformed, Place, track_log::Recording};
use crate::value::geo::Position;
use crate::value::track::Fix;

const MINUTE_MS: i64 = 60_000;
/// Positions by cell or network may be kilometres off.
const COARSE_M: f64 = 100.0;
const COARSE: &str = "positions that Google takes for accurate to more than 100 m";

/// Keys of the lists at the top of the files.
const KEYS: [&str; 4] = ["locations", "timelineObjects", "semanticSegments", "rawSignals"];

/// Whether an object is the whole of such a file.
pub fn is_timeline(object: &Object<'_>) -> bool {
    KEYS.iter().any(|key| object.get(*key).is_some_and(|list| list.get().starts_with('[')))
}

/// Whether the list that an iPhone writes begins here: of segments with times.
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
/// What is no JSON, or cut off.
pub fn read(bytes: &[u8]) -> Result<Recording, Malformed> {
    let text = text::decode(bytes);
    let mut reading = Reading::default();
    if text.trim_start().starts_with('[') {
        reading.each(&text, Reading::segment)?;
        reading.end();
        return Ok(reading.recording);
    }
    let object: Object<'_> = serde_json::from_str(&text).map_err(json::wrong)?;
    let lists: [(&str, Step); 4] = [
        (KEYS[0], Reading::location),
        (KEYS[1], Reading::timeline_object),
        (KEYS[2], Reading::segment),
        (KEYS[3], Reading::raw_signal),
    ];
    for (key, read) in lists {
        if let Some(list) = object.get(key) {
            reading.each(list.get(), read)?;
            reading.end();
        }
    }
    Ok(reading.recording)
}

/// Takes one entry of a list.
type Step = fn(&mut Reading, &Value);

#[derive(Default)]
struct Reading {
    recording: Recording,
    path: Vec<Fix>,
    /// Which of the list it is, from 1.
    number: u64,
}

impl Reading {
    fn each(&mut self, list: &str, read: Step) -> Result<(), Malformed> {
        let list: List<'_> = serde_json::from_str(list).map_err(json::wrong)?;
        for (number, value) in (1..).zip(list) {
            self.number = number;
            read(self, &serde_json::from_str(value.get()).map_err(json::wrong)?);
        }
        Ok(())
    }

    fn end(&mut self) {
        if !self.path.is_empty() {
            self.recording.segments.push(std::mem::take(&mut self.path));
        }
    }

    /// Of Records.json.
    fn location(&mut self, location: &Value) {
        // Other programs have a list of this name, too.
        if location["type"] == "Feature" {
            let text = location.to_string();
            if let Ok(object) = serde_json::from_str::<Object<'_>>(&text) {
                let mut feature = geojson::Reading::default();
                feature.feature(&object);
                let found = feature.finish();
                self.path.extend(found.segments.concat());
                for remark in found.remarks {
                    self.recording.remark(&remark.what, self.at());
                }
            }
            return;
        }
        let mut point = self.point(e7_place(&location["latitudeE7"], &location["longitudeE7"]));
        point.time = json::time(either(location, "timestamp", "timestampMs"));
        point.ele_m = location["altitude"].as_f64();
        point.set_speed_mps(location["velocity"].as_f64());
        point.set_course(location["heading"].as_f64());
        self.check(&location["accuracy"]);
        self.add(point);
    }

    /// Of Semantic Location History: each activity is a segment.
    fn timeline_object(&mut self, object: &Value) {
        let activity = &object["activitySegment"];
        if activity.is_object() {
            let duration = &activity["duration"];
            let ends = [("startLocation", "start"), ("endLocation", "end")];
            let end = |reading: &mut Reading, (place, time): (&str, &str)| {
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
                point.time = json::time(either(raw, "timestamp", "timestampMs"));
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

    /// A place that may not be there.
    fn place_e7(&mut self, place: &Value, time: &Value) -> Option<Fix> {
        let position = e7_place(&place["latitudeE7"], &place["longitudeE7"])?;
        let mut point = self.point(Some(position));
        point.time = json::time(time);
        point.into_fix(&mut self.recording)
    }

    /// Of Timeline.json: all paths together are one, for a segment is two hours by the clock and no break.
    fn segment(&mut self, segment: &Value) {
        for step in segment["timelinePath"].as_array().into_iter().flatten() {
            let mut point = self.point(step["point"].as_str().and_then(lat_lng));
            point.time = match &step["time"] {
                Value::Null => {
                    later(&segment["startTime"], &step["durationMinutesOffsetFromStartTime"])
                }
                time => json::time(time),
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
            point.time = json::time(&segment[time]);
            let fix = point.into_fix(&mut self.recording);
            self.recording.waypoints.extend(fix);
        }
    }

    /// Of Timeline.json: what the phone itself measured in the last weeks.
    fn raw_signal(&mut self, signal: &Value) {
        let position = &signal["position"];
        // Others tell of networks and of how the phone moved.
        if !position.is_object() {
            return;
        }
        let text = either(position, "LatLng", "latLng").as_str();
        let mut point = self.point(text.and_then(lat_lng));
        point.time = json::time(&position["timestamp"]);
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

    fn at(&self) -> Place {
        Place::Entry(self.number)
    }

    fn point(&self, position: Option<Position>) -> Point {
        Point::new(self.at(), position)
    }

    fn add(&mut self, point: Point) {
        self.path.extend(point.into_fix(&mut self.recording));
    }
}

/// A member under its newer name, else under its older one.
fn either<'a>(object: &'a Value, newer: &str, older: &str) -> &'a Value {
    if object[newer].is_null() { &object[older] } else { &object[newer] }
}

/// Minutes after the beginning of a segment.
fn later(start: &Value, minutes: &Value) -> super::point::Time {
    use super::point::Time;
    let minutes = minutes.as_i64().or_else(|| minutes.as_str()?.trim().parse().ok());
    match (json::time(start), minutes) {
        (Time::Known { ms, zoned }, Some(minutes)) if minutes.abs() < 1 << 32 => {
            Time::Known { ms: ms + minutes * MINUTE_MS, zoned }
        }
        (Time::Known { .. }, _) => Time::Absent,
        (time, _) => time,
    }
}

/// Ten millionths of a degree. Some exports have them beyond 32 bits, by one turn of the counter.
fn e7_place(lat: &Value, lon: &Value) -> Option<Position> {
    let degrees = |value: &Value, most: i64| {
        let e7 = value.as_i64()?;
        let e7 = if e7 > most { e7 - (1 << 32) } else { e7 };
        Some(e7 as f64 / 1e7)
    };
    Position::new(degrees(lon, 1_800_000_000)?, degrees(lat, 900_000_000)?).ok()
}

/// `52.1°, 13.2°` of Android, `geo:52.1,13.2` of iOS: latitude first.
fn lat_lng(text: &str) -> Option<Position> {
    let bare = text.trim().trim_start_matches("geo:");
    let (lat, lng) = bare.split_once(',')?;
    let degrees = |text: &str| text::number(text.trim().trim_end_matches('°'));
    Position::new(degrees(lng)?, degrees(lat)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::format_instant;

    fn read_text(text: &str) -> Recording {
        read(text.as_bytes()).unwrap()
    }

    /// Time, longitude and latitude of all fixes, a line each, segments apart.
    fn told(recording: Recording) -> String {
        let told = |fix: &Fix| {
            let time = format_instant(fix.time_ms).unwrap();
            format!("{time} {} {}\n", fix.position.lon_deg(), fix.position.lat_deg())
        };
        let segments = recording.into_segments();
        segments
            .iter()
            .map(|fixes| fixes.iter().map(told).collect())
            .collect::<Vec<String>>()
            .join("--\n")
    }

    #[test]
    fn records_are_one_segment_with_either_name_of_their_time() {
        let recording = read_text(
            r#"{"locations":[
            {"timestampMs":"1714564800250","latitudeE7":475000000,"longitudeE7":-82500000,"accuracy":12,
             "altitude":431,"velocity":10,"heading":90,"activity":[{"timestampMs":"0"}]},
            {"timestamp":"2024-05-01T12:00:01Z","latitudeE7":4294967295,"longitudeE7":4212467296,"accuracy":900},
            {"timestamp":"2024-05-01T12:00:01Z"},{"latitudeE7":1,"longitudeE7":1}]}"#,
        );
        let fix = recording.segments[0][0];
        assert_eq!((fix.ele_m.get(), fix.speed_kmh.get()), (Some(431.0), Some(36.0)));
        let said: Vec<String> = recording.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "positions that Google takes for accurate to more than 100 m in entry 2",
                "points left out, since their position cannot be read in entry 3",
                "points without a time left out in entry 4",
            ]
        );
        assert_eq!(
            told(recording),
            "2024-05-01T12:00:00.250Z -8.25 47.5\n2024-05-01T12:00:01Z -8.25 -0.0000001\n"
        );
    }

    #[test]
    fn a_phone_has_paths_and_raw_signals() {
        let text = r#"{"semanticSegments":[
            {"startTime":"2024-05-01T12:00:00.000+02:00","endTime":"2024-05-01T14:00:00.000+02:00",
             "timelinePath":[{"point":"47.5°, 8.25°","time":"2024-05-01T12:01:00.000+02:00"},
                             {"point":"47.6°, -8.25°","time":"2024-05-01T12:02:00.000+02:00"}]},
            {"startTime":"2024-05-01T12:00:00Z","endTime":"2024-05-01T13:00:00Z",
             "visit":{"topCandidate":{"placeLocation":{"latLng":"1.0°, 2.0°"}}}}],
            "rawSignals":[{"wifiScan":{}},{"position":{"LatLng":"47.7°, 8.3°","accuracyMeters":5,
             "altitudeMeters":400.5,"timestamp":"2024-05-01T12:03:00.000+02:00","speedMetersPerSecond":1}}],
            "userLocationProfile":{}}"#;
        let recording = read_text(text);
        assert_eq!(recording.waypoints.len(), 2);
        assert_eq!(recording.segments[1][0].ele_m.get(), Some(400.5));
        assert_eq!(
            told(recording),
            "2024-05-01T10:01:00Z 8.25 47.5\n2024-05-01T10:02:00Z -8.25 47.6\n--\n2024-05-01T10:03:00Z 8.3 47.7\n"
        );
    }

    #[test]
    fn an_iphone_counts_minutes_from_the_start() {
        let text = r#"[{"endTime":"2024-05-01T14:00:00.000+02:00","startTime":"2024-05-01T12:00:00.000+02:00",
            "timelinePath":[{"point":"geo:47.5,8.25","durationMinutesOffsetFromStartTime":"7"}]},
            {"startTime":"2024-05-01T10:00:00Z","endTime":"2024-05-01T10:05:00Z",
             "activity":{"start":"geo:1,2","end":"geo:3,4"}}]"#;
        assert!(is_list(text) && !is_list("[{\"a\":1}]") && !is_list("[1]"));
        let recording = read_text(text);
        assert_eq!(recording.waypoints.len(), 2);
        assert_eq!(told(recording), "2024-05-01T10:07:00Z 8.25 47.5\n");
    }

    #[test]
    fn activities_of_takeout_are_segments_from_end_to_end() {
        let text = r#"{"timelineObjects":[{"activitySegment":{
            "startLocation":{"latitudeE7":475000000,"longitudeE7":82500000},
            "endLocation":{"latitudeE7":477000000,"longitudeE7":82500000},
            "duration":{"startTimestampMs":"1714564800000","endTimestamp":"2024-05-01T12:10:00Z"},
            "simplifiedRawPath":{"points":[{"latE7":476000000,"lngE7":82500000,"timestampMs":"1714564860000"}]}}},
            {"placeVisit":{"location":{"latitudeE7":1,"longitudeE7":2},
             "duration":{"startTimestamp":"2024-05-01T12:10:00Z","endTimestamp":"2024-05-01T12:20:00Z"}}}]}"#;
        let recording = read_text(text);
        assert_eq!(recording.waypoints.len(), 2);
        assert_eq!(
            told(recording),
            "2024-05-01T12:00:00Z 8.25 47.5\n2024-05-01T12:01:00Z 8.25 47.6\n2024-05-01T12:10:00Z 8.25 47.7\n"
        );
    }

    #[test]
    fn a_text_cut_anywhere_or_changed_at_random_does_no_harm() {
        let whole = r#"{"locations":[{"timestampMs":"1714564800250","latitudeE7":475000000,"longitudeE7":-8}],
            "semanticSegments":[{"startTime":"2024-05-01T12:00:00Z","timelinePath":[{"point":"geo:1,2",
            "durationMinutesOffsetFromStartTime":"7"}]}],"rawSignals":[{"position":{"LatLng":"1°, 2°"}}]}"#;
        for end in 1..whole.len() {
            if let Some(cut) = whole.get(..end) {
                assert!(read(cut.as_bytes()).is_err(), "{end}");
            }
        }
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..3_000 {
            let mut bytes = whole.as_bytes().to_vec();
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(32..127);
            let _ = read(&bytes);
        }
    }
}
