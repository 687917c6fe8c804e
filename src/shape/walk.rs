//! The trait of tools that start from nodes and produce rows and further nodes.

use super::error::Error;
use super::outcome::Outcome;
use super::{Diagnostics, InputHeader, Shape};

/// The result of one node of a walk.
#[derive(Debug, Default)]
pub struct WalkStep {
    pub outcomes: Vec<Outcome>,
    /// Nodes that this one leads to; their rows come after those of this one.
    pub next: Vec<String>,
}

/// Nodes in, rows and further nodes out.
pub trait Walk: Send + Sync {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// The nodes to start from, each as a name that fully describes it. There may be millions of them.
    fn start(&self) -> Places;

    /// The number of start nodes, where known: used for progress.
    fn starts(&self) -> Option<u64> {
        let (least, most) = self.start().size_hint();
        (most == Some(least)).then_some(least as u64)
    }

    /// The content of this node. An error concerns only this node, and may be temporary.
    fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error>;

    /// Called at the end of a walk without any row: reports where it looked, and what may have been meant.
    fn nothing(&self, _notes: &dyn Diagnostics) {}
}

/// Names of nodes, produced on demand.
pub type Places = Box<dyn Iterator<Item = String> + Send>;
