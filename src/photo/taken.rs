//! When a picture was taken, as far as a row says so.

use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::instant::LocalTime;

/// For the group of a picture and the time of its file: the instant in UTC, else the camera's
/// clock. In milliseconds since 1970.
///
/// # Errors
/// A value that is no time.
pub fn taken_ms(row: &Row) -> Result<Option<i64>, RowError> {
    if let Some(captured_ms) = row.integer(Field::CapturedAt)? {
        return Ok(Some(captured_ms));
    }
    let Some(text) = row.get(Field::TakenAt) else { return Ok(None) };
    Ok(Some(text.parse::<LocalTime>()?.clock_ms()))
}
