//! The shape of a tool that begins at places and gives rows and more places.

use super::error::Error;
use super::outcome::Outcome;
use super::{Diagnostics, InputHeader, Shape};

/// What a place of a walk gave.
#[derive(Debug, Default)]
pub struct WalkStep {
    pub outcomes: Vec<Outcome>,
    /// Places that this one leads to; their rows come after this one's.
    pub next: Vec<String>,
}

/// Places in, rows and more places out.
pub trait Walk: Send + Sync {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// Where to begin: each place by a name that tells all about it. There may
    /// be millions of them.
    fn start(&self) -> Places;

    /// How many places that is, where it is known: tells how far the walk is.
    fn starts(&self) -> Option<u64> {
        let (least, most) = self.start().size_hint();
        (most == Some(least)).then_some(least as u64)
    }

    /// What is at this place. An error is of this place only and may pass.
    fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error>;

    /// The walk has ended, and no row came of it: says where was looked, and
    /// what may have been meant.
    fn nothing(&self, _notes: &dyn Diagnostics) {}
}

/// Names of places, made as they are needed.
pub type Places = Box<dyn Iterator<Item = String> + Send>;
