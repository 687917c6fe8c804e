//! Objects and points in an answer whose values the table cannot hold: what has another shape than documented is
//! named, and never passes for a value that the service does not have.

use serde_json::Value;

use crate::row::known_fields::parts;
use crate::row::{Column, Row};
use crate::value::shown::quoted;

/// The keys of objects and points.
const KEYS: [&str; 4] = ["organization", "creator", "geometry", "computed_geometry"];

/// A value of an answer that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the service's '{key}' cannot be read: {}", quoted(text))]
pub struct UnreadPart {
    pub key: &'static str,
    /// The value as JSON.
    pub text: String,
}

/// Checks that each object and each point of an answer has given at least one of its fields, unless it is empty.
///
/// # Errors
/// The first one that has not.
pub fn check(answer: &Row) -> Result<(), UnreadPart> {
    KEYS.into_iter().try_for_each(|key| {
        let text = answer.get_column(&Column::named(key)).unwrap_or_default();
        let is_read = || parts(key).unwrap_or_default().iter().any(|&field| answer.names(field));
        if text.is_empty() || is_read() || is_nothing(text) {
            return Ok(());
        }
        Err(UnreadPart { key, text: text.to_string() })
    })
}

/// Whether a value says that there is none: an empty object, or a point without coordinates (RFC 7946, 3.1).
fn is_nothing(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return false };
    let is_empty = |list: &Value| {
        list.is_null() || list.as_array().is_some_and(|list| list.iter().all(Value::is_null))
    };
    is_empty(&value)
        || value.as_object().is_some_and(|object| {
            object.is_empty() || object.get("coordinates").is_some_and(is_empty)
        })
}

#[cfg(test)]
mod tests;
