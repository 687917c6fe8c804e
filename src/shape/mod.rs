//! The shapes that a tool can have, and what becomes of a row.
//!
//! A [`Walk`] begins at places and gives rows and more places; a [`Batch`]
//! takes up to n rows and has no memory of others; a [`Scan`] sees the rows in
//! order and remembers; a [`Document`](document::Document) sees all rows and makes one document of
//! them. A tool prints nothing: it hands [`Diagnostics`] what there is to say, and the
//! runner keeps order, counts and writes.

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

/// What is known of the input before its first row.
#[derive(Debug, Clone, Copy)]
pub struct InputHeader<'a> {
    pub columns: &'a Columns,
    /// Whether somebody wrote the rows: they are not the tool's own.
    pub is_written: bool,
}

impl InputHeader<'_> {
    /// The columns of a stage that says where a picture is now: only rows of an
    /// earlier run name files that may have been packed since.
    pub fn location(&self) -> impl Iterator<Item = Column> + use<> {
        let fields = self.is_written.then_some([Field::Archive, Field::Member]);
        fields.into_iter().flatten().map(Column::from)
    }
}

/// What a stage asks of its rows and does to their columns.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Columns without which no row can be worked on; of each group any one will do.
    pub needs: Vec<Vec<Field>>,
    /// Columns that it sets, in the order in which new ones are added.
    pub sets: Vec<Column>,
    /// Columns that end here.
    pub drops: Vec<Field>,
    /// Whether an input of a certain kind passes few columns on.
    pub keeps: Option<Keeps>,
    /// Columns that come first in the output.
    pub leads: Vec<Field>,
    /// Whether what it sets is all that comes out.
    pub only_sets: bool,
    /// Names that the user gave, and that neither the table nor a tool has: the
    /// input has to have them.
    pub named: Vec<Column>,
}

/// Of an input with a certain column, only some columns are passed on.
#[derive(Debug, Clone)]
pub struct Keeps {
    pub of_input_with: Field,
    pub only: Vec<Field>,
}

impl Shape {
    /// What parts that are joined one to the next need and set together.
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

/// Rows that a tool makes itself, of the folders or names that it is given.
pub type OwnRows = Box<dyn Iterator<Item = Row> + Send>;

/// Where a stage says what the user should know.
pub trait Diagnostics: Send + Sync {
    /// Told once a run, however often it is noted.
    fn once(&self, text: &str);
    /// Told each time, for a thing that is named by itself.
    fn warn(&self, text: &str);
    /// Adds to a count of the end line, such as `requests`.
    fn count(&self, what: &'static str, more: u64);
}

/// A stream that turned out to be what the tool makes rows of, or rows.
pub enum Opened {
    Own(OwnRows),
    Rows(Box<dyn Read + Send>),
}
