//! Where the rows of a run go, as the caller says.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use crate::row::row_format::RowFormat;

/// Where the rows go.
#[derive(Debug, Clone, Default)]
pub struct RowTarget {
    pub form: Option<RowFormat>,
    /// `-o`: written as `FILE.part` until it is complete.
    pub output: Option<PathBuf>,
    /// A document that the caller writes once all rows are in.
    pub document: Option<PathBuf>,
    /// The folder of the files that the rows tell of: they are on disk before `-o` says so.
    pub folder: Option<PathBuf>,
    pub failed: Option<PathBuf>,
    /// `-o` gets its name in spite of failed rows.
    pub accept_failed: bool,
    /// The same where nothing came in and nobody tells that nothing is all.
    pub accept_empty: bool,
    /// Rows that fail come out among the others, with why.
    pub ok_failed: bool,
    /// CSV begins with the first row.
    pub no_header: bool,
    /// The part of `-o`, where it is locked already.
    pub claim: Option<Arc<File>>,
    /// No rows are written: a tool that stands last, at a terminal.
    pub mute: bool,
}
