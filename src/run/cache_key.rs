//! The key of a cached response: the requested id, and the row's own values in the columns that the response sets. A
//! column that the service omits keeps the row's value, and a filter may depend on it: rows with the same id but
//! different values there have different outcomes.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::row::{Column, Field, Row};
use crate::shape::Batch;

/// Separates the id from the digest of the row's values.
const MARK: char = '\0';

/// The cache key of a row. It is only the id if the row has no values of its own that could remain.
pub fn of_row(row: &Row, key: Field, stage: &dyn Batch, sets: &[Column]) -> Option<String> {
    let id = row.get(key)?;
    let can_stay = |column: &&Column| column.field != Some(key) && stage.may_stay(column);
    let is_own = |column: &Column| row.get_column(column).is_some();
    if !sets.iter().filter(can_stay).any(is_own) {
        return Some(id.to_string());
    }
    let carried = stage.carried(row);
    let mut own = String::new();
    for column in sets.iter().filter(can_stay) {
        if let Some(text) = carried.get_column(column) {
            own.extend([&*column.name, "\0", text, "\0"]);
        }
    }
    Some(joined(id, (!own.is_empty()).then(|| hash(&own))))
}

/// The id, and the digest of the row's values.
pub fn parts(key: &str) -> (&str, Option<u64>) {
    let split = key.rsplit_once(MARK);
    let own = split.and_then(|(id, own)| Some((id, u64::from_str_radix(own, 16).ok()?)));
    own.map_or((key, None), |(id, own)| (id, Some(own)))
}

pub fn joined(id: &str, own: Option<u64>) -> String {
    own.map_or(id.to_string(), |own| format!("{id}{MARK}{own:x}"))
}

/// The digest that represents a key in memory.
pub fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
