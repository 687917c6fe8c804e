//! The properties of a feature that are times and measures, under the names that programs use.

use serde_json::Value;

use super::super::point::{Time, TrackPoint, is_speed};
use super::super::{json_scanner, scalars};
use crate::format::parsed_track::Recording;

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
/// Two heights that are farther apart are not one that was rounded.
const APART_M: f64 = 1.0;
pub const HEIGHTS_DIFFER: &str = "points whose heights in the coordinates and in the properties differ, of which the former is used";
/// Names for a direction of travel in degrees: that of our rows, and that of GDAL.
const COURSES: [&str; 2] = ["track_deg", "course"];

/// The list of times of a line: in the properties, or in their coordinate properties.
pub fn times(properties: &Value) -> Option<Value> {
    let places = [&properties["coordinateProperties"], properties];
    let lists = places.into_iter().flat_map(|place| LISTS.map(|name| &place[name]));
    lists.into_iter().find(|list| list.is_array()).cloned()
}

/// What two lists of times are that do not have the same times.
pub fn differing_lists(properties: &Value) -> Option<String> {
    let places = [&properties["coordinateProperties"], properties];
    let lists = places.into_iter().flat_map(|place| LISTS.map(|name| (name, &place[name])));
    let mut lists = lists.filter(|(_, list)| list.is_array());
    let (used, list) = lists.next()?;
    let (other, _) = lists.find(|(_, other)| are_differing(list, other))?;
    Some(format!("lines whose times in '{used}' and '{other}' differ, of which '{used}' is used"))
}

/// Whether two lists of times, or lists of such lists, are of another length, or of times a second apart.
fn are_differing(list: &Value, other: &Value) -> bool {
    match (list.as_array(), other.as_array()) {
        (Some(list), Some(other)) => {
            let mut both = list.iter().zip(other);
            list.len() != other.len() || both.any(|(time, other)| are_differing(time, other))
        }
        (None, None) => json_scanner::time(list).contradicts(json_scanner::time(other)),
        _ => true,
    }
}

/// Sets what the properties say of a point, and its coordinates do not. Where two values differ, this is remarked.
pub fn set(point: &mut TrackPoint, properties: &Value, recording: &mut Recording) {
    let times = times_of_point(properties);
    if let Some((used, time)) = times.first() {
        point.time = *time;
        if let Some((other, _)) = times.iter().find(|(_, other)| time.contradicts(*other)) {
            let what = format!(
                "points whose times in '{used}' and '{other}' differ, of which '{used}' is used"
            );
            recording.remark(&what, point.at);
        }
    }
    let ele_m = number(properties, &HEIGHTS);
    if point.ele_m.zip(ele_m).is_some_and(|(own, other)| (own - other).abs() >= APART_M) {
        recording.remark(HEIGHTS_DIFFER, point.at);
    }
    point.ele_m = point.ele_m.or(ele_m);
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

/// The times that a point has, with their names.
fn times_of_point(properties: &Value) -> Vec<(&'static str, Time)> {
    let values = TIMES.into_iter().filter_map(|name| {
        let mut members = properties.as_object().into_iter().flatten();
        let (_, value) = members.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some((name, json_scanner::time(value)))
    });
    values.filter(|(_, time)| *time != Time::Absent).collect()
}

fn number(properties: &Value, names: &[&str]) -> Option<f64> {
    names.iter().find_map(|name| match &properties[*name] {
        Value::String(text) => scalars::number(text),
        value => value.as_f64(),
    })
}
