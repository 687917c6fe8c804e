//! The outcome of a row.

use crate::row::Row;
use crate::value::string_enum::words;

/// Why there is nothing to pass on although nothing failed: a rerun does not change it.
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
    /// It continues to the stage's next part, in a tool that joins two.
    Next(Row),
    /// It is done: these rows are passed on.
    Rows(Vec<Row>),
    /// It is passed on as a finding of a check: it is reported, and the status is 1.
    Found(Row, String),
    /// It was left out on purpose, by a filter or because it is already known.
    Filtered,
    /// There is nothing to pass on, and a rerun does not change it.
    Ended(Row, End),
    /// These rows are passed on, and there may be more: the list was truncated.
    Cut(Cut),
    /// It failed; the text says what failed and why.
    Failed(Row, String),
}

/// Rows of a list that may be truncated: it counts as [`End::Incomplete`].
#[derive(Debug)]
pub struct Cut {
    pub rows: Vec<Row>,
    /// Names the list in messages.
    pub list: Row,
    pub why: String,
}
