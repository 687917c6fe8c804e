//! What a row says of its photo: when and where it was taken, and with which others it belongs together.

use std::sync::Arc;

use super::camera::is_worked_out;
use super::camera_key::camera_key;
use crate::row::{Columns, Field, Row, WrongValue, column_type};
use crate::shape::{FatalError, missing_column};
use crate::value::geo::Position;
use crate::value::instant::LocalTime;

/// A row seen as a photo: when and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Photo {
    /// Its place among the rows.
    pub row: usize,
    /// On the clock of its group: for differences and order.
    pub time_ms: i64,
    pub position: Option<Position>,
}

/// What a row says of time and place.
#[derive(Debug, Clone, Copy, Default)]
pub struct PhotoFacts {
    pub captured_ms: Option<i64>,
    pub taken: Option<LocalTime>,
    pub position: Option<Position>,
}

impl PhotoFacts {
    /// # Errors
    /// A value that cannot be read; half a position.
    pub fn from_row(row: &Row) -> Result<PhotoFacts, WrongValue> {
        let taken = row.get(Field::TakenAt).map(|text| text.parse::<LocalTime>()).transpose();
        let wrong_time = |_| row.wrong(Field::TakenAt, "a local time such as 2024-05-01T12:00:00");
        Ok(PhotoFacts {
            captured_ms: row.integer(Field::CapturedAt)?,
            taken: taken.map_err(wrong_time)?,
            position: column_type::position(row)?,
        })
    }
}

impl PhotoFacts {
    /// Whether both clocks of two photos show the same.
    pub fn same_time(&self, other: &PhotoFacts) -> bool {
        let taken_ms = |facts: &PhotoFacts| facts.taken.map(LocalTime::clock_ms);
        self.captured_ms == other.captured_ms && taken_ms(self) == taken_ms(other)
    }
}

/// Refuses rows none of which has any of these columns. Unlike what a shape needs, single rows may
/// lack the value: they pass.
pub fn need(rows: &[Row], fields: &[Field]) -> Result<(), FatalError> {
    let columns: Vec<_> = rows.iter().map(|row| Arc::clone(row.columns())).collect();
    need_of(&columns, fields)
}

/// The same by the lists of columns that the rows have, of which the first is named.
pub fn need_of(columns: &[Arc<Columns>], fields: &[Field]) -> Result<(), FatalError> {
    let has = |list: &Arc<Columns>| fields.iter().any(|&field| list.at(field).is_some());
    let Some(first) = columns.first().filter(|_| !columns.iter().any(has)) else { return Ok(()) };
    Err(missing_column::error(fields, first))
}

/// The sequence, or for photos that have none yet the folder and camera.
pub fn sequence_key(row: &Row) -> String {
    match row.get(Field::SeqId) {
        Some(sequence) => format!("\0{sequence}"),
        None => camera_key(row),
    }
}

/// A direction that the camera itself wrote: the word of a compass that was not corrected is no evidence.
pub fn has_compass(row: &Row) -> bool {
    row.get(Field::CompassAngle).is_some() && !is_worked_out(row.get(Field::DirectionBy))
}

/// A number with at most so many decimals, and no more than it needs.
pub fn decimal(number: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let rounded = (number * scale).round() / scale;
    // Minus nothing is nothing.
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests;
