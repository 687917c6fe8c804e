//! What an answer is kept under: the id that was asked for, and what the row itself had in the columns that the answer
//! sets. What the service leaves out of an answer stays as the row had it, and a filter may have judged by it: rows of
//! one id that differ there have each an outcome of their own.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::row::{Column, Field, Row};
use crate::shape::Batch;

/// Stands between the id and the digest of what the row had.
const MARK: char = '\0';

/// The key of a row's question. Only the id where the row has nothing of its own that could stay.
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

/// The id, and the digest of what its row had.
pub fn parts(key: &str) -> (&str, Option<u64>) {
    let split = key.rsplit_once(MARK);
    let own = split.and_then(|(id, own)| Some((id, u64::from_str_radix(own, 16).ok()?)));
    own.map_or((key, None), |(id, own)| (id, Some(own)))
}

pub fn joined(id: &str, own: Option<u64>) -> String {
    own.map_or(id.to_string(), |own| format!("{id}{MARK}{own:x}"))
}

/// What stands for a key in memory.
pub fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
