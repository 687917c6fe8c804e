//! What became of a row.

use crate::row::Row;
use crate::value::string_enum::words;

/// Why there is nothing to pass on although nothing failed: no rerun changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The service does not have it any more, or never had.
    Gone,
    /// A sequence without pictures, or one that is not known.
    Empty,
    /// An area that could not be proven complete.
    Incomplete,
}

words!(End: Gone = "gone", Empty = "empty", Incomplete = "incomplete");

/// What became of one row.
#[derive(Debug)]
pub enum Outcome {
    /// It goes to the stage's next part, in a tool that joins two.
    Next(Row),
    /// It is done: these rows are passed on.
    Rows(Vec<Row>),
    /// It is passed on as what a check found: it is named, and the status is 1.
    Found(Row, String),
    /// It was left out on purpose, by a filter or because it is known.
    Filtered,
    /// There is nothing to pass on, and no rerun changes it.
    Ended(Row, End),
    /// These rows are passed on, and there may be more of them: the list was cut.
    Cut(Cut),
    /// It failed; the text says what and why.
    Failed(Row, String),
}

/// Rows of a list that may have more: it counts as [`End::Incomplete`].
#[derive(Debug)]
pub struct Cut {
    pub rows: Vec<Row>,
    /// Stands for the list, in what is said of it.
    pub list: Row,
    pub why: String,
}
