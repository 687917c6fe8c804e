//! The detections of a picture as listed by the service: `{"data":[{"id":...},...]}`.

use std::collections::HashSet;

use crate::shape::RowError;
use serde_json::Value;
use serde_json::value::RawValue;

/// One entry. Values that the service leaves out are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListEntry {
    pub id: String,
    pub value: String,
    pub created_at: String,
    pub geometry: String,
}

/// A parsed list.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct List {
    pub entries: Vec<ListEntry>,
    /// Entries that are not an object with an id.
    pub odd: u64,
    /// Repeated entries.
    pub repeated: u64,
    /// Whether there are more pages.
    pub goes_on: bool,
}

/// Reads a list.
///
/// # Errors
/// If the text has a different format.
pub fn read(text: &str) -> Result<List, RowError> {
    let wrong = || "the list of detections has another form than {\"data\":[...]}".to_string();
    let all: Value = serde_json::from_str(text).map_err(|_| wrong())?;
    let data = all.get("data").unwrap_or(&all).as_array().ok_or_else(wrong)?;
    let next = all.pointer("/paging/next").is_some_and(|next| !next.is_null());
    let (mut list, mut seen) = (List { goes_on: next, ..List::default() }, HashSet::new());
    for entry in data.iter().map(entry) {
        match entry {
            Some(entry) if seen.insert(entry.id.clone()) => list.entries.push(entry),
            Some(_) => list.repeated += 1,
            None => list.odd += 1,
        }
    }
    Ok(list)
}

fn entry(entry: &Value) -> Option<ListEntry> {
    let text = |key: &str| match entry.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let id = match entry.get("id")? {
        Value::String(id) if !id.is_empty() => id.clone(),
        Value::Number(id) if id.is_u64() => id.to_string(),
        _ => return None,
    };
    Some(ListEntry {
        id,
        value: text("value"),
        created_at: text("created_at"),
        geometry: text("geometry"),
    })
}

impl List {
    /// Whether the list is complete: requesting it alone could not add anything. An entry that cannot be read may be
    /// readable there.
    pub fn is_whole(&self) -> bool {
        let is_whole = |entry: &ListEntry| !entry.value.is_empty() && !entry.geometry.is_empty();
        !self.goes_on && self.odd == 0 && self.entries.iter().all(is_whole)
    }
}

/// Writes entries as a list.
pub fn write(rows: &[Box<RawValue>]) -> String {
    let rows: Vec<&str> = rows.iter().map(|row| row.get()).collect();
    format!("{{\"data\":[{}]}}", rows.join(","))
}

#[cfg(test)]
mod tests;
