//! The service's types of image fields. Rows from other programs have numbers as text, ids as numbers and `True`;
//! responses always use the service's types.

use std::borrow::Cow;

use serde_json::{Number, json};

/// The type of a field in responses of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldType {
    Text,
    Number,
    Integer,
    Bool,
    /// Objects and lists, whose members are left unchanged.
    Nested,
}

fn type_of(field: &str) -> FieldType {
    match field {
        "captured_at" | "exif_orientation" | "height" | "width" => FieldType::Integer,
        "aligned_direction"
        | "altitude"
        | "atomic_scale"
        | "compass_angle"
        | "computed_altitude"
        | "computed_compass_angle"
        | "merge_cc"
        | "quality_score" => FieldType::Number,
        "camera_type" | "created_at" | "first_seen_at" | "last_seen_at" | "make" | "model"
        | "object_type" | "object_value" | "sequence" => FieldType::Text,
        "is_pano" => FieldType::Bool,
        _ => FieldType::Nested,
    }
}

/// A value converted to the service's type where possible, otherwise unchanged. Numbers keep their digits.
pub fn typed<'a>(field: &str, value: &'a str) -> Cow<'a, str> {
    let kind = type_of(field);
    let is_quoted = value.starts_with('"');
    let text = if is_quoted { serde_json::from_str(value).ok() } else { Some(value.to_owned()) };
    let Some(text) = text.filter(|_| kind != FieldType::Nested) else { return value.into() };
    let text = text.trim();
    let found = match kind {
        FieldType::Text => Some(json!(text).to_string()).filter(|_| !is_quoted),
        FieldType::Number => number(text).map(String::from),
        FieldType::Integer => integer(text).map(String::from),
        FieldType::Bool => truth(text).map(String::from),
        FieldType::Nested => None,
    };
    found.map_or(value.into(), Cow::from)
}

fn number(text: &str) -> Option<&str> {
    serde_json::from_str::<Number>(text).is_ok().then_some(text)
}

/// `240` or `240.0`, as written by programs that read columns as doubles.
fn integer(text: &str) -> Option<&str> {
    let whole = match text.split_once('.') {
        Some((whole, rest)) if !rest.is_empty() && rest.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    };
    number(whole)
}

fn truth(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "1.0" | "t" | "yes" => Some("true"),
        "false" | "0" | "0.0" | "f" | "no" => Some("false"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
