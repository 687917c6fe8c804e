//! Checks the columns that a stage needs against those of the input.

use crate::row::known_fields::unknown_column;
use crate::row::{Column, Columns, Field, Row};
use crate::shape::{FatalError, Shape, missing_column};

use super::input::InputReader;

/// Refuses an input whose header lacks a needed column, before any work is done. JSON lines are checked row by row,
/// also if all of them were read for a CSV header: a part of a table may have no row with the column.
pub(super) fn check_columns(shape: &Shape, intake: &InputReader) -> Result<(), FatalError> {
    if intake.is_open { Ok(()) } else { check_header(shape, intake.columns()) }
}

/// An input without columns has no rows. CSV with a column `more` is checked row by row, too.
fn check_header(shape: &Shape, columns: &Columns) -> Result<(), FatalError> {
    if columns.list().is_empty() || columns.is_open() {
        return Ok(());
    }
    for group in shape.needs.iter().chain(&shape.needs_in_header) {
        if !group.iter().any(|&field| columns.at(field).is_some()) {
            return Err(missing_column::error(group, columns));
        }
    }
    Ok(())
}

/// The same check for columns named by the user, if all columns of the input are known.
pub(super) fn check_named(shape: &Shape, intake: &InputReader) -> Result<(), FatalError> {
    let columns = intake.columns();
    let is_lacking = |column: &&Column| columns.place(column).is_none();
    match shape.named.iter().find(is_lacking) {
        Some(column) if intake.settled && !columns.list().is_empty() && !columns.is_open() => {
            Err(FatalError(unknown_column(column, columns)))
        }
        _ => Ok(()),
    }
}

/// The message about a needed column that a row does not have. If the row failed in an earlier tool, the value is
/// missing because of that: its first error stays.
pub(super) fn lacks(shape: &Shape, row: &Row) -> Option<String> {
    let missing =
        shape.needs.iter().find(|group| !group.iter().any(|&field| row.get(field).is_some()))?;
    let earlier = row.get(Field::Error).map(str::to_owned);
    Some(earlier.unwrap_or_else(|| missing_column::of_row(missing, row)))
}

#[cfg(test)]
mod tests;
