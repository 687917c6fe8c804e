//! The outcome of a row.

use crate::row::Row;
use crate::value::string_enum::words;

/// Why a row gives nothing although nothing failed; a rerun does not change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The service no longer has it, or never had it.
    Gone,
    /// A sequence without pictures, or an unknown one.
    Empty,
    /// An area that could not be proven complete.
    Incomplete,
}

words!(End: Gone = "gone", Empty = "empty", Incomplete = "incomplete");

/// The outcome of one row.
#[derive(Debug)]
pub enum Outcome {
    /// It continues with the next part, in a tool that joins two.
    Next(Row),
    /// It is done: these rows are passed on.
    Rows(Vec<Row>),
    /// A finding of a check: the row is passed on, the finding is reported, and the exit status is 1.
    Found(Row, String),
    /// It was left out on purpose, by a filter or because it is already known.
    Filtered,
    /// The row gives nothing, and a rerun does not change it.
    Ended(Row, End),
    /// These rows are passed on, and there may be more: the list was truncated.
    Cut(Cut),
    /// It failed; the text says what failed and why.
    Failed(Row, String),
}

/// Rows of a list that may be truncated; counts as [`End::Incomplete`].
#[derive(Debug)]
pub struct Cut {
    pub rows: Vec<Row>,
    /// Identifies the list in messages.
    pub list: Row,
    pub why: String,
}
