//! The capture time of a picture according to its row.

use crate::row::{Field, Row};
use crate::shape::RowError;
use crate::value::instant::LocalTime;

/// The capture time in milliseconds since 1970, for the group of a picture and the time of its file: the instant in
/// UTC, otherwise the camera's clock.
///
/// # Errors
/// If a value is not a time.
pub fn taken_ms(row: &Row) -> Result<Option<i64>, RowError> {
    if let Some(captured_ms) = row.instant_ms(Field::CapturedAt)? {
        return Ok(Some(captured_ms));
    }
    let Some(text) = row.get(Field::TakenAt) else { return Ok(None) };
    Ok(Some(text.parse::<LocalTime>()?.clock_ms()))
}
