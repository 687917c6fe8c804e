//! The trait of tools that take up to n rows at once and keep no state between rows.

use std::path::PathBuf;

use crate::row::{Column, Row};

use super::fatal_error::FatalError;
use super::outcome::Outcome;
use super::{Diagnostics, InputHeader, Shape};

/// Rows in, one outcome for each, without state.
pub trait Batch: Send + Sync {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// The preferred number of rows per call.
    fn size(&self) -> usize {
        1
    }

    /// Whether this part has work to do for the row; otherwise the row skips it.
    fn wants(&self, _row: &Row) -> bool {
        true
    }

    /// The key of a row, if rows with the same key must be processed one after the other, in input order: for
    /// example, the path of a file that is changed.
    fn turn(&self, _row: &Row) -> Option<PathBuf> {
        None
    }

    /// Called for each row in input order, before any work. False leaves the row out.
    fn admits(&self, _row: &Row, _notes: &dyn Diagnostics) -> bool {
        true
    }

    /// The part of a row that is passed on to the rows made from it.
    fn carried(&self, row: &Row) -> Row {
        row.clone()
    }

    /// Whether the value of a row in a column that answers set may stay if an answer lacks it.
    fn may_stay(&self, _column: &Column) -> bool {
        true
    }

    /// Sets columns of a row from a cached response. Columns that it lacks stay unchanged.
    fn fill(&self, row: &mut Row, answer: &Row, sets: &[Column]) {
        for column in sets {
            let at = answer.columns().place(column);
            if let Some(at) = at.filter(|&at| !answer.cell(at).is_empty()) {
                row.set_column(column, answer.cell(at), answer.is_raw(at));
            }
        }
    }

    /// Called at the end of a run in which every row was left out: reports what may have been meant.
    fn nothing(&self, _notes: &dyn Diagnostics) {}

    /// Returns one outcome for each row, in the same order.
    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError>;
}

#[cfg(test)]
mod tests;
