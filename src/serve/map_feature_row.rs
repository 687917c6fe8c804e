//! Map features in the rows of an archive: rows of get-features, or objects of the service.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::field_types;
use super::record::{self, JsonFields, RecordError, text};
use crate::value::geo::Position;

/// Fields that only rows of map features have: the id of get-features, or the value in an object of the service.
const MARKS: [&str; 2] = ["feature_id", "object_value"];

/// The documented fields that a feature stores; `images` is separate.
pub const FIELDS: [&str; 6] = [
    "aligned_direction",
    "first_seen_at",
    "last_seen_at",
    "object_value",
    "object_type",
    "geometry",
];

/// A map feature as stored: its id, its position, and its fields as used in responses.
#[derive(Debug, Clone, PartialEq)]
pub struct MapFeature {
    pub id: String,
    pub place: Option<Position>,
    pub text: String,
}

impl MapFeature {
    /// The map feature of a row in its JSON form, or `None` for a row of another kind.
    ///
    /// # Errors
    /// A position that cannot be read.
    pub fn of_row(row: &str) -> Result<Option<MapFeature>, RecordError> {
        // Most rows of an archive are of pictures; this avoids parsing them twice.
        if !MARKS.iter().any(|name| row.contains(name)) {
            return Ok(None);
        }
        let row: JsonFields = serde_json::from_str(row)?;
        let said = |name: &str| row.get(name).and_then(|raw| text(raw));
        let own = said(MARKS[0]);
        let Some(id) = own.clone().or_else(|| said(MARKS[1]).and_then(|_| said("id"))) else {
            return Ok(None);
        };
        let mut kept: BTreeMap<&str, Box<RawValue>> = BTreeMap::new();
        for name in FIELDS {
            // The column of get-features has a name that detections have, too.
            let raw = row.get(name).or_else(|| own.as_ref().and(row.get(column_of(name))));
            let raw = raw.filter(|raw| text(raw).is_some());
            let raw = raw.map(|raw| field_types::typed(name, raw.get()).into_owned());
            let raw = raw.and_then(|text| RawValue::from_string(text).ok());
            raw.map(|raw| kept.insert(name, raw));
        }
        let images = images(&row).map(|data| json!({ "data": data }).to_string());
        let images = images.and_then(|text| RawValue::from_string(text).ok());
        images.map(|raw| kept.insert("images", raw));
        let place = record::place(&row, "geometry")?;
        Ok(Some(MapFeature { id, place, text: serde_json::to_string(&kept)? }))
    }
}

fn column_of(field: &str) -> &str {
    if field == "object_value" { "value" } else { field }
}

/// The images of a feature, from a list of the service or from the list of ids in a row.
fn images(row: &JsonFields) -> Option<Vec<Value>> {
    let parsed = |name: &str| -> Option<Value> {
        serde_json::from_str(&row.get(name).and_then(|raw| text(raw))?).ok()
    };
    let list = parsed("images").and_then(|list| list.get("data").cloned());
    let list = list.or_else(|| parsed("image_ids"));
    let as_object = |image: Value| match image {
        Value::String(id) => json!({ "id": id }),
        Value::Number(id) => json!({ "id": id.to_string() }),
        object => object,
    };
    match list? {
        Value::Array(images) => Some(images.into_iter().map(as_object).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
