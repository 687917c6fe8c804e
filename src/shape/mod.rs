//! The traits that a tool can implement, and the outcomes of a row.
//!
//! A [`Walk`] starts from nodes and produces rows and further nodes; a [`Batch`] takes up to n rows and keeps
//! no state; a [`Scan`] processes rows in order and keeps state; a [`Document`](document::Document) takes all
//! rows and makes one document from them. A tool prints nothing: it passes its messages to [`Diagnostics`],
//! and the runner orders, counts and writes.

mod batch;
pub mod document;
mod error;
mod fatal_error;
pub mod missing_column;
mod outcome;
mod row_error;
mod scan;
mod walk;

use std::io::Read;

use crate::row::{Column, Columns, Field, Row};

pub use batch::Batch;
pub use error::Error;
pub use fatal_error::FatalError;
pub use outcome::{Cut, End, Outcome};
pub use row_error::RowError;
pub use scan::Scan;
pub use walk::{Places, Walk, WalkStep};

/// What is known about the input before its first row.
#[derive(Debug, Clone, Copy)]
pub struct InputHeader<'a> {
    pub columns: &'a Columns,
    /// Whether the rows come from a user, not from the tool itself.
    pub is_written: bool,
    /// Whether each row names its own columns, as in JSON lines.
    pub is_open: bool,
}

impl InputHeader<'_> {
    /// The columns for the location of a picture, if the rows come from a user: rows of an earlier run may name
    /// files that have been packed since. Empty for rows that the tool itself makes.
    pub fn location(&self) -> impl Iterator<Item = Column> + use<> {
        let fields = self.is_written.then_some([Field::Archive, Field::Member]);
        fields.into_iter().flatten().map(Column::from)
    }
}

/// The columns a stage requires, and the changes it makes to them.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Required columns: any one of each group is enough.
    pub needs: Vec<Vec<Field>>,
    /// Columns that a header must name, any one of each group; single rows may lack the value. Rows that each name
    /// their own columns are not checked: whether one of them has the column depends on which rows a process is given.
    pub needs_in_header: Vec<Vec<Field>>,
    /// Columns that it sets, in the order in which new ones are added.
    pub sets: Vec<Column>,
    /// Columns that are removed.
    pub drops: Vec<Field>,
    /// Set if only some columns are passed on from a certain kind of input.
    pub keeps: Option<Keeps>,
    /// The first columns in the output.
    pub leads: Vec<Field>,
    /// Whether the output has only the columns that are set.
    pub only_sets: bool,
    /// Columns named by the user that are neither known fields nor set by a tool: the input must have them.
    pub named: Vec<Column>,
    /// Which rows pass on the `error` with which they come.
    pub earlier_error: EarlierError,
}

/// What the success of a tool says about the `error` of an earlier one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EarlierError {
    /// The tool gets or makes what the row names: what failed before was done again.
    #[default]
    Settled,
    /// The tool only calculates. Where failed rows stay among the others (`--ok-failed`), they keep their error.
    KeptAmongOthers,
    /// The tool passes rows on as they are.
    Kept,
}

/// The columns that are passed on from an input that has a certain column.
#[derive(Debug, Clone)]
pub struct Keeps {
    pub of_input_with: Field,
    pub only: Vec<Field>,
}

impl Shape {
    /// The shape of parts joined in sequence: that of the first, and the columns that the others set and drop.
    pub fn joined(shapes: impl IntoIterator<Item = Shape>) -> Shape {
        let mut shapes = shapes.into_iter();
        let mut all = shapes.next().unwrap_or_default();
        for shape in shapes {
            all.sets.extend(shape.sets);
            all.drops.extend(shape.drops);
        }
        all
    }
}

/// Rows that a tool makes itself, from the folders or names given to it.
pub type OwnRows = Box<dyn Iterator<Item = Row> + Send>;

/// Receives a stage's messages to the user.
pub trait Diagnostics: Send + Sync {
    /// Reports once per run, even if called repeatedly.
    fn once(&self, text: &str);
    /// Reports each time, for something that is named individually.
    fn warn(&self, text: &str);
    /// Adds to a number in the final summary, such as `requests`.
    fn count(&self, what: &'static str, more: u64);
}

/// A stream that was opened: either what the tool makes rows from, or rows.
pub enum Opened {
    Own(OwnRows),
    Rows(Box<dyn Read + Send>),
}
