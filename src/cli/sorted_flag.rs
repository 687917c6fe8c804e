//! The flag that declares the order of the input rows.

use clap::Args;

/// Whether the rows of a sequence stand together.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Work")]
pub struct Sorted {
    /// Assume that the rows of each sequence are adjacent, as get-images writes them, and hold one sequence at a
    /// time. A row of a sequence that has already ended fails.
    #[arg(long)]
    pub sorted: bool,
}
