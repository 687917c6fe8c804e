//! The flag that says in which order the rows come.

use clap::Args;

/// Whether the rows of a sequence stand together.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Work")]
pub struct Sorted {
    /// Rows of a sequence stand together in the input, as get-images writes the pictures of sequences: hold one at a time. A
    /// row whose sequence has ended before fails.
    #[arg(long)]
    pub sorted: bool,
}
