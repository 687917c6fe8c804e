//! The shape of a tool that sees the rows in order and remembers.

use crate::row::Row;

use super::fatal_error::FatalError;
use super::outcome::Outcome;
use super::{Diagnostics, InputHeader, Shape};

/// Rows in order, with memory of those before.
pub trait Scan: Send {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// Takes the next row; outcomes, of this row or of earlier ones, go to `out`.
    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError>;

    /// The input has ended.
    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError>;

    /// Whether there is more to do at the end: what takes long gives its rows piece by piece, and is asked again.
    fn goes_on(&self) -> bool {
        false
    }
}
