//! The detections of an archive, from rows of get-detections or from lists in stored responses of the service.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::record::{DETECTION_IDS, JsonFields, RecordError, text};
use crate::format::detection::{Units, read_json, write_geometry};

/// One detection; each field is the text used in responses.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    pub id: String,
    fields: BTreeMap<&'static str, Box<str>>,
}

const FIELDS: [&str; 3] = ["value", "geometry", "created_at"];

impl Detection {
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields.get(name).map(|text| text.to_string())
    }

    /// The detection of a row, or `None` for a row of another kind.
    ///
    /// # Errors
    /// A polygon that cannot be read.
    pub fn of_row(row: &str) -> Result<Option<Detection>, RecordError> {
        // Most rows of an archive are of pictures; this avoids parsing them twice.
        if !DETECTION_IDS.iter().any(|name| row.contains(name)) {
            return Ok(None);
        }
        let row: JsonFields = serde_json::from_str(row)?;
        let said = |names: [&str; 2]| {
            names.iter().find_map(|name| row.get(*name).and_then(|raw| text(raw)))
        };
        let Some(id) = said(DETECTION_IDS) else { return Ok(None) };
        let polygon = row.get("polygon").and_then(|raw| text(raw));
        let polygon = polygon.map(|text| read_json(&text, Units::Parts)).transpose()?;
        let geometry = polygon.map(|area| write_geometry(&area));
        let mut fields = BTreeMap::new();
        let mut put = |name: &'static str, text: Option<String>| {
            text.map(|text| fields.insert(name, json!(text).to_string().into()))
        };
        put("value", said(["value", "detections.value"]));
        put("created_at", said(["created_at", "detections.created_at"]));
        put("geometry", said(["detections.geometry", ""]).or(geometry));
        Ok(Some(Detection { id, fields }))
    }

    /// The detections in a list of the service; entries without an id are skipped.
    pub fn of_list(list: &str) -> Vec<Detection> {
        let all: Value = serde_json::from_str(list).unwrap_or_default();
        let data = all.get("data").and_then(Value::as_array);
        data.into_iter().flatten().filter_map(Detection::of_entry).collect()
    }

    fn written(&self) -> String {
        let fields = self.fields.iter().map(|(name, text)| format!("\"{name}\":{text},"));
        format!("{{{}\"id\":{}}}", fields.collect::<String>(), json!(self.id))
    }

    fn of_entry(entry: &Value) -> Option<Detection> {
        let id = entry.get("id")?.as_str()?.to_owned();
        let held = |name: &'static str| {
            let value = entry.get(name).filter(|value| !value.is_null())?;
            Some((name, value.to_string().into()))
        };
        Some(Detection { id, fields: FIELDS.into_iter().filter_map(held).collect() })
    }
}

/// Consecutive rows of detections of one picture, merged into one row of the picture.
#[derive(Debug, Default)]
pub struct DetectionGroup {
    picture: Option<Picture>,
    /// The pictures before, about 40 bytes each.
    ended: HashSet<u64>,
}

#[derive(Debug)]
struct Picture {
    id: String,
    row: String,
    found: Vec<Detection>,
}

impl DetectionGroup {
    /// Takes a row if it is a detection. Returns the previous picture, if this row begins another one, and whether the
    /// row was taken.
    ///
    /// # Errors
    /// A polygon that cannot be read, or a picture whose rows are not consecutive.
    pub fn take(&mut self, row: &str) -> Result<(Option<String>, bool), RecordError> {
        let Some(found) = Detection::of_row(row)? else { return Ok((self.end(), false)) };
        let fields: JsonFields = serde_json::from_str(row)?;
        let id = fields.get("id").and_then(|raw| text(raw)).unwrap_or_default();
        if let Some(picture) = self.picture.as_mut().filter(|picture| picture.id == id) {
            picture.found.push(found);
            return Ok((None, true));
        }
        // Only one of two lists could be served, and the other would be lost unnoticed.
        if self.ended.contains(&digest(&id)) {
            return Err(RecordError::Scattered(id));
        }
        let before = self.end();
        self.picture = Some(Picture { id, row: row.to_owned(), found: vec![found] });
        Ok((before, true))
    }

    /// The last picture, complete.
    pub fn end(&mut self) -> Option<String> {
        let Picture { id, row, found } = self.picture.take()?;
        self.ended.insert(digest(&id));
        let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&row).ok()?;
        let data: Vec<String> = found.iter().map(Detection::written).collect();
        let list = RawValue::from_string(format!("{{\"data\":[{}]}}", data.join(","))).ok()?;
        fields.insert("detections".to_owned(), list);
        serde_json::to_string(&fields).ok()
    }
}

fn digest(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
