//! The shape of a tool that takes up to n rows and has no memory of others.

use std::path::PathBuf;

use crate::row::{Column, Row};

use super::fatal_error::FatalError;
use super::outcome::Outcome;
use super::{Diagnostics, InputHeader, Shape};

/// Rows in, one outcome for each, no memory of others.
pub trait Batch: Send + Sync {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// How many rows are wanted at once.
    fn size(&self) -> usize {
        1
    }

    /// Whether this part has anything to do for the row; else it goes by.
    fn wants(&self, _row: &Row) -> bool {
        true
    }

    /// What the row is about, where rows about one thing must be worked on one after the other, in
    /// the order of the input: a file that is changed.
    fn turn(&self, _row: &Row) -> Option<PathBuf> {
        None
    }

    /// Called for each row in the order of the input, before any work: false
    /// leaves it out.
    fn admits(&self, _row: &Row, _notes: &dyn Diagnostics) -> bool {
        true
    }

    /// What of a row is passed on to the rows that are made of it.
    fn carried(&self, row: &Row) -> Row {
        row.clone()
    }

    /// Whether what a row has in a column that the answers set can stay there, where one leaves it out.
    fn may_stay(&self, _column: &Column) -> bool {
        true
    }

    /// Sets columns of a row as a kept answer says. What it leaves out stays as it was.
    fn fill(&self, row: &mut Row, answer: &Row, sets: &[Column]) {
        for column in sets {
            let at = answer.columns().place(column);
            if let Some(at) = at.filter(|&at| !answer.cell(at).is_empty()) {
                row.set_column(column, answer.cell(at), answer.is_raw(at));
            }
        }
    }

    /// The run has ended, and every row was left out: says what may have been
    /// meant.
    fn nothing(&self, _notes: &dyn Diagnostics) {}

    /// As many outcomes as rows, in their order.
    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError>;
}

#[cfg(test)]
mod tests;
