//! The properties of a feature that are times and measures, under the names that programs use.

use serde_json::Value;

use super::super::point::{Time, TrackPoint, is_speed};
use super::super::{json_scanner, scalars};

/// Names for a list of times: those of togeojson before and since 2022, and of other programs.
const LISTS: [&str; 6] = ["coordTimes", "times", "timestamps", "coordtimes", "datetimes", "time"];
/// Names for the time of a point.
const TIMES: [&str; 7] =
    ["time", "timestamp", "datetime", "captured_at", "date_time", "recorded_at", "when"];
/// Names for the sequence of a point.
const SEQUENCES: [&str; 3] = ["seq_id", "sequence", "sequence_id"];
/// What GDAL writes of the track and the segment of a point of GPX.
const SEGMENTS: [&str; 2] = ["track_fid", "track_seg_id"];
/// Names for a height in metres.
const HEIGHTS: [&str; 3] = ["altitude", "ele", "elevation"];
/// Names for a direction of travel in degrees: that of our rows, and that of GDAL.
const COURSES: [&str; 2] = ["track_deg", "course"];

/// The list of times of a line: in the properties, or in their coordinate properties.
pub fn times(properties: &Value) -> Option<Value> {
    let places = [&properties["coordinateProperties"], properties];
    let lists = places.into_iter().flat_map(|place| LISTS.map(|name| &place[name]));
    lists.into_iter().find(|list| list.is_array()).cloned()
}

/// Sets what the properties say of a point, and its coordinates do not.
pub fn set(point: &mut TrackPoint, properties: &Value) {
    point.time = time(properties);
    point.ele_m = point.ele_m.or_else(|| number(properties, &HEIGHTS));
    point.hdop = number(properties, &["hdop"]).filter(|hdop| *hdop >= 0.0);
    point.speed_kmh = number(properties, &["speed_kmh"]).filter(is_speed);
    point.set_course(number(properties, &COURSES));
}

/// The name of the part of a track that a point belongs to: points of different parts are different segments.
pub fn part(properties: &Value) -> String {
    let text = |name: &&str| match &properties[*name] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let sequence = SEQUENCES.iter().find_map(text);
    let parts = sequence.into_iter().chain(SEGMENTS.iter().filter_map(text));
    parts.collect::<Vec<_>>().join(" ")
}

fn time(properties: &Value) -> Time {
    let values = TIMES.into_iter().map(|name| {
        let members = properties.as_object().into_iter().flatten();
        members.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    });
    values
        .flatten()
        .map(json_scanner::time)
        .find(|time| *time != Time::Absent)
        .unwrap_or(Time::Absent)
}

fn number(properties: &Value, names: &[&str]) -> Option<f64> {
    names.iter().find_map(|name| match &properties[*name] {
        Value::String(text) => scalars::number(text),
        value => value.as_f64(),
    })
}
