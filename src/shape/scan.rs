//! The trait of tools that process rows in order and keep state.

use std::path::{Path, PathBuf};

use crate::row::Row;

use super::fatal_error::FatalError;
use super::outcome::Outcome;
use super::{Diagnostics, InputHeader, Shape};

/// Processes rows in order and remembers earlier ones.
pub trait Scan: Send {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// Processes the next row; adds outcomes of this row or of earlier ones to `out`.
    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError>;

    /// Called at the end of the input.
    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError>;

    /// Where an earlier run of this tool has put a photo that is not at its path any more.
    fn moved(&mut self, _path: &Path) -> Option<PathBuf> {
        None
    }

    /// Whether `end` has to be called again: long work at the end produces its rows in parts.
    fn goes_on(&self) -> bool {
        false
    }

    /// Whether this is so although the run is stopped: the rows of finished work are still to be output.
    fn goes_on_when_stopped(&self) -> bool {
        false
    }
}
