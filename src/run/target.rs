//! The destination of a run's rows, as set by the caller.

use std::path::PathBuf;
use std::sync::Arc;

use crate::row::row_format::RowFormat;

use super::output_claim::Claimed;

/// The destination of the rows.
#[derive(Debug, Clone, Default)]
pub struct RowTarget {
    pub form: Option<RowFormat>,
    /// `-o`: written as `FILE.part` until it is complete.
    pub output: Option<PathBuf>,
    /// A document that the caller writes after all rows.
    pub document: Option<PathBuf>,
    /// The folder of the files that the rows name: they are synced to disk before `-o` is complete.
    pub folder: Option<PathBuf>,
    pub failed: Option<PathBuf>,
    /// `-o` is completed in spite of failed rows.
    pub accept_failed: bool,
    /// `-o` is completed even if no byte came in and no tool has reported that this is everything.
    pub accept_empty: bool,
    /// Failed rows are written among the others, with their error.
    pub ok_failed: bool,
    /// CSV is written without a header.
    pub no_header: bool,
    /// The `.part` file of `-o`, if it is already locked.
    pub claim: Option<Arc<Claimed>>,
    /// No rows are written: the last tool of a pipe, at a terminal.
    pub mute: bool,
}
