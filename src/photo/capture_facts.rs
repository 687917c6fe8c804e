//! When and where a row's photo was taken, and the group that it belongs to.

use super::camera::is_worked_out;
use super::camera_key::camera_key;
use super::taken;
use crate::row::{Field, Row, WrongValue, column_type};
use crate::value::geo::Position;
use crate::value::instant::LocalTime;

/// A row as a photo: time and position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Photo {
    /// The index of its row.
    pub row: usize,
    /// By the clock of its group: for differences and order.
    pub time_ms: i64,
    pub position: Option<Position>,
}

/// The time and position of a row.
#[derive(Debug, Clone, Copy, Default)]
pub struct PhotoFacts {
    pub captured_ms: Option<i64>,
    pub taken: Option<LocalTime>,
    pub position: Option<Position>,
}

impl PhotoFacts {
    /// The values as they are in the row.
    ///
    /// # Errors
    /// If a value is unreadable, or half of a position is missing.
    pub fn from_row(row: &Row) -> Result<PhotoFacts, WrongValue> {
        Ok(PhotoFacts {
            captured_ms: row.instant_ms(Field::CapturedAt)?,
            taken: taken::clock(row)?,
            position: column_type::position(row)?,
        })
    }

    /// The same with the instant that follows from the clock and the zone of the row, if it has none.
    ///
    /// # Errors
    /// If a value is unreadable, or half of a position is missing.
    pub fn with_instant(row: &Row) -> Result<PhotoFacts, WrongValue> {
        let facts = PhotoFacts::from_row(row)?;
        Ok(PhotoFacts { captured_ms: taken::instant_ms(row)?, ..facts })
    }
}

impl PhotoFacts {
    /// Whether two photos agree in both times.
    pub fn same_time(&self, other: &PhotoFacts) -> bool {
        let taken_ms = |facts: &PhotoFacts| facts.taken.map(LocalTime::clock_ms);
        self.captured_ms == other.captured_ms && taken_ms(self) == taken_ms(other)
    }
}

/// The sequence, or for photos without one the folder and camera.
pub fn sequence_key(row: &Row) -> String {
    match row.get(Field::SeqId) {
        Some(sequence) => format!("\0{sequence}"),
        None => camera_key(row),
    }
}

/// Whether the camera itself wrote a direction. A computed direction is no evidence.
pub fn has_compass(row: &Row) -> bool {
    row.get(Field::CompassAngle).is_some() && !is_worked_out(row.get(Field::DirectionBy))
}

/// A number rounded to at most this many decimals.
pub fn decimal(number: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let rounded = (number * scale).round() / scale;
    // Turns -0 into 0.
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests;
