//! One archive row: the text of each field for responses, and the parsed values for searches.

mod facts;

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::format::detection;
use crate::value::geo::NoPosition;

use super::field_types;
use facts::inner;
pub use facts::{RecordFacts, place};

/// Fields of an image that are returned from the record. Links to pictures are not among them, because they are signed
/// again for each response.
pub const RECORDED_FIELDS: &[&str] = &[
    "altitude",
    "atomic_scale",
    "camera_parameters",
    "camera_type",
    "captured_at",
    "compass_angle",
    "computed_altitude",
    "computed_compass_angle",
    "computed_geometry",
    "computed_rotation",
    "created_at",
    "creator",
    "detections",
    "exif_orientation",
    "geometry",
    "height",
    "is_pano",
    "make",
    "merge_cc",
    "mesh",
    "model",
    "organization",
    "quality_score",
    "sequence",
    "sfm_cluster",
    "width",
];

/// Columns that only rows of detections have: the id of get-detections, or of gchoumos/mapillary.
pub const DETECTION_IDS: [&str; 2] = ["detection_id", "detections.id"];

/// The fields of a JSON object, each with its original text.
pub type JsonFields<'a> = BTreeMap<String, &'a RawValue>;

/// A row of the archive: an image, and the values about its file.
#[derive(Debug)]
pub struct Record {
    pub id: String,
    /// A compact object of the recorded fields.
    pub text: String,
    /// Deleted from the service: listed in its sequence, but no longer an entity.
    pub is_gone: bool,
    pub path: Option<String>,
    pub quality: Option<String>,
}

/// The fields of an object written by this module.
pub fn fields_of(text: &str) -> JsonFields<'_> {
    serde_json::from_str(text).unwrap_or_default()
}

/// The fields of an earlier and a later row of an image; the later row takes precedence. `user` is the creator if
/// neither names one.
pub fn merged(before: Option<&str>, later: &str, user: Option<&str>) -> String {
    let mut fields = before.map(fields_of).unwrap_or_default();
    fields.extend(fields_of(later));
    let creator = user.map(|user| format!("{{\"username\":{}}}", serde_json::json!(user)));
    let creator = creator.and_then(|text| RawValue::from_string(text).ok());
    if let Some(creator) = &creator {
        fields.entry("creator".to_owned()).or_insert(creator);
    }
    write(&fields)
}

/// The first field in which two rows of an image contradict each other. Values that the service computes again are not
/// compared.
pub fn contradiction(before: &str, later: &str) -> Option<&'static str> {
    let (before, later) = (fields_of(before), fields_of(later));
    let value = |raw: &RawValue| serde_json::from_str::<Value>(raw.get()).unwrap_or_default();
    FACTS.iter().copied().find(|&field| {
        let both = before.get(field).zip(later.get(field));
        both.is_some_and(|(one, other)| !is_same(&value(one), &value(other)))
    })
}

/// Whether two values are equal; a number may be written in several ways.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| is_same(one, other)))
        }
        _ => one == other,
    }
}

/// What an image is from its upload on.
const FACTS: [&str; 9] = [
    "captured_at",
    "compass_angle",
    "geometry",
    "height",
    "is_pano",
    "make",
    "model",
    "sequence",
    "width",
];

/// Why a row is not added to the index.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("raw_json: {0}")]
    RawJson(serde_json::Error),
    #[error("captured_at '{0}' is not a number of milliseconds")]
    CapturedAt(String),
    #[error("{field} '{text}' is not a point of longitude and latitude")]
    NotAPoint { field: String, text: String },
    #[error(transparent)]
    Place(#[from] NoPosition),
    #[error(transparent)]
    Polygon(#[from] detection::Error),
    #[error(
        "other rows stand between the detections of picture '{0}': this one is left out; \
         sort the rows by img_id"
    )]
    Scattered(String),
}

/// A nested value in an image's text, such as `creator`, `username`.
pub fn text_in(object: &str, field: &str, key: &str) -> Option<String> {
    inner(&fields_of(object), field, key)
}

impl Record {
    /// Reads a row in its JSON form. `None` is a row that is not an image: a sequence row, or the last line of a
    /// metadata file.
    ///
    /// # Errors
    /// A value that cannot be read.
    pub fn read(row: &str) -> Result<Option<Record>, RecordError> {
        let fields: JsonFields = serde_json::from_str(row)?;
        let Some(id) = fields.get("id").and_then(|raw| text(raw)) else { return Ok(None) };
        let whole = fields.get("raw_json").copied().and_then(unfolded);
        let mut kept = recorded(&fields);
        if DETECTION_IDS.iter().any(|name| fields.contains_key(*name)) {
            // That of the detection, not of the image.
            kept.remove("created_at");
        }
        if let Some(whole) = &whole {
            let answer: JsonFields = serde_json::from_str(whole).map_err(RecordError::RawJson)?;
            kept.extend(recorded(&answer));
        }
        let said = |key: &str| fields.get(key).and_then(|raw| text(raw));
        Ok(Some(Record {
            id,
            text: write(&kept),
            is_gone: said("error").is_some_and(|error| error.starts_with("gone")),
            path: said("path"),
            quality: said("quality"),
        }))
    }
}

/// The text of a value: a string without its quotes, anything else as written. Null and the empty string are `None`.
pub fn text(raw: &RawValue) -> Option<String> {
    match raw.get() {
        "null" | "\"\"" => None,
        quoted if quoted.starts_with('"') => serde_json::from_str(quoted).ok(),
        plain => Some(plain.to_owned()),
    }
}

/// The object in `raw_json`, which is an object or its text in a string.
fn unfolded(raw: &RawValue) -> Option<String> {
    text(raw).filter(|text| text.starts_with('{'))
}

fn recorded<'a>(fields: &JsonFields<'a>) -> JsonFields<'a> {
    let known = |key: &str| RECORDED_FIELDS.contains(&key);
    let held = |raw: &RawValue| !matches!(raw.get(), "null" | "\"\"");
    fields
        .iter()
        .filter(|(key, raw)| known(key) && held(raw))
        .map(|(k, v)| (k.clone(), *v))
        .collect()
}

/// A compact object of these fields, in which every number keeps its digits.
fn write(fields: &JsonFields) -> String {
    let pair = |(key, raw): (&String, &&RawValue)| {
        format!("\"{key}\":{}", field_types::typed(key, &compact(raw.get())))
    };
    let pairs: Vec<String> = fields.iter().map(pair).collect();
    format!("{{{}}}", pairs.join(","))
}

/// The same JSON without whitespace outside strings. Parsing and serializing it would change the digits of numbers.
fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |c: &char| {
        let blank = !quoted && c.is_ascii_whitespace();
        let quote = *c == '"' && !escaped;
        escaped = quoted && *c == '\\' && !escaped;
        quoted ^= quote;
        !blank
    };
    json.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests;
