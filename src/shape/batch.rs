//! The trait of tools that take up to n rows and keep no state between rows.

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

    /// Whether this part has work to do for the row; otherwise the row is passed by.
    fn wants(&self, _row: &Row) -> bool {
        true
    }

    /// The key of a row where rows with the same key must be worked on one after the other, in input order:
    /// for example a file that is changed.
    fn turn(&self, _row: &Row) -> Option<PathBuf> {
        None
    }

    /// Called for each row in input order, before any work: false leaves the row out.
    fn admits(&self, _row: &Row, _notes: &dyn Diagnostics) -> bool {
        true
    }

    /// The part of a row that is passed on to the rows made from it.
    fn carried(&self, row: &Row) -> Row {
        row.clone()
    }

    /// Whether what a row has in a column that the answers set can stay there, where one leaves it out.
    fn may_stay(&self, _column: &Column) -> bool {
        true
    }

    /// Sets columns of a row as a cached response says. Columns that it leaves out stay as they were.
    fn fill(&self, row: &mut Row, answer: &Row, sets: &[Column]) {
        for column in sets {
            let at = answer.columns().place(column);
            if let Some(at) = at.filter(|&at| !answer.cell(at).is_empty()) {
                row.set_column(column, answer.cell(at), answer.is_raw(at));
            }
        }
    }

    /// Called when the run has ended and every row was left out: reports what may have been meant.
    fn nothing(&self, _notes: &dyn Diagnostics) {}

    /// As many outcomes as rows, in the same order.
    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError>;
}

#[cfg(test)]
mod tests;
