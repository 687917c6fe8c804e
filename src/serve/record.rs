//! One row of the archive: the text of every field that the service would answer, and
//! what searches look at, parsed.

mod facts;

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::format::detection;
use crate::value::geo::NoPosition;

use super::field_types;
use facts::inner;
pub use facts::{RecordFacts, place};

/// Fields of an image that are answered from the record. Links to pictures
/// are not among them: those are made anew for each answer.
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

/// What only a row of one detection has: the id of get-detections, or of gchoumos/mapillary.
pub const DETECTION_IDS: [&str; 2] = ["detection_id", "detections.id"];

/// The fields of a JSON object, each with its own text.
pub type JsonFields<'a> = BTreeMap<String, &'a RawValue>;

/// A row of the archive: an image, and what is said of its file.
#[derive(Debug)]
pub struct Record {
    pub id: String,
    /// A compact object of the recorded fields.
    pub text: String,
    /// Deleted from the service: listed in its sequence, and no longer an entity.
    pub is_gone: bool,
    pub path: Option<String>,
    pub quality: Option<String>,
}

/// The fields of an object that this module has written.
pub fn fields_of(text: &str) -> JsonFields<'_> {
    serde_json::from_str(text).unwrap_or_default()
}

/// What an earlier and a later row say of an image, the later one's word last. `user` made it if neither names a creator.
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

/// Why a row is not taken into the index.
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

/// A value one level down of an image's text.
pub fn text_in(object: &str, field: &str, key: &str) -> Option<String> {
    inner(&fields_of(object), field, key)
}

impl Record {
    /// Reads one row in its JSON form. `None` is a row that is no image: a
    /// sequence row, or the line that closes a metadata file. The error says
    /// what could not be read.
    pub fn read(row: &str) -> Result<Option<Record>, RecordError> {
        let fields: JsonFields = serde_json::from_str(row)?;
        let Some(id) = fields.get("id").and_then(|raw| text(raw)) else { return Ok(None) };
        let whole = fields.get("raw_json").copied().and_then(unfolded);
        let mut kept = recorded(&fields);
        if DETECTION_IDS.iter().any(|name| fields.contains_key(*name)) {
            // It is that of the detection.
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

/// The text of a value: a string without its quotes, anything else as it is
/// written. Null and the empty string are no value.
pub fn text(raw: &RawValue) -> Option<String> {
    match raw.get() {
        "null" | "\"\"" => None,
        quoted if quoted.starts_with('"') => serde_json::from_str(quoted).ok(),
        plain => Some(plain.to_owned()),
    }
}

/// `raw_json` is an object, or its text inside a string.
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

/// An object of these fields, compact, every value with its own digits.
fn write(fields: &JsonFields) -> String {
    let pair = |(key, raw): (&String, &&RawValue)| {
        format!("\"{key}\":{}", field_types::typed(key, &compact(raw.get())))
    };
    let pairs: Vec<String> = fields.iter().map(pair).collect();
    format!("{{{}}}", pairs.join(","))
}

/// The same JSON without blanks outside strings. Parsing and writing it again
/// would change the digits of numbers.
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
