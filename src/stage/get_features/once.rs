//! Removes duplicate features.

use std::collections::HashSet;

use super::feature_row::{ID, shape};
use crate::row::{Column, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

/// Passes each feature once: features on the edge of a cell are in the neighbouring cell too.
#[derive(Default)]
pub struct UniqueFeatures {
    seen: HashSet<String>,
}

impl Scan for UniqueFeatures {
    fn shape(&self, _: &InputHeader) -> Shape {
        shape()
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let id = row.get_column(&Column::named(ID)).unwrap_or_default();
        if self.seen.insert(id.to_string()) {
            out.push(Outcome::Rows(vec![row]));
        } else {
            notes.count("repeats dropped", 1);
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}
