//! The trait of tools that process rows in order and keep state.

use crate::row::Row;

use super::fatal_error::FatalError;
use super::outcome::Outcome;
use super::{Diagnostics, InputHeader, Shape};

/// Processes rows in order and remembers earlier ones.
pub trait Scan: Send {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// Takes the next row; outcomes, of this row or of earlier ones, are added to `out`.
    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError>;

    /// The input has ended.
    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError>;

    /// Whether there is more to do at the end: long work produces its rows in pieces, and is called again.
    fn goes_on(&self) -> bool {
        false
    }
}
