//! The shapes that a tool can have, and what becomes of a row.
//!
//! A [`Walk`] begins at places and gives rows and more places; a [`Batch`]
//! takes up to n rows and has no memory of others; a [`Scan`] sees the rows in
//! order and remembers; a [`Document`](document::Document) sees all rows and makes one document of
//! them. A tool prints nothing: it hands [`Diagnostics`] what there is to say, and the
//! runner keeps order, counts and writes.

use std::io::Read;
use std::path::PathBuf;

use crate::row::{Column, Columns, Field, Row};
use crate::service;
use crate::value::string_enum::words;

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

/// Rows that a tool makes itself, of the folders or names that it is given.
pub type OwnRows = Box<dyn Iterator<Item = Row> + Send>;

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

/// What went wrong: with one row or place, or for the whole run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It fails alone, and a rerun may help. The text says what and why.
    #[error("{0}")]
    Row(String),
    #[error(transparent)]
    Run(#[from] FatalError),
}

impl Error {
    /// What becomes of the row that this happened to.
    ///
    /// # Errors
    /// What ends the run.
    pub fn fail(self, row: Row) -> Result<Outcome, FatalError> {
        match self {
            Error::Row(what) => Ok(Outcome::Failed(row, what)),
            Error::Run(fault) => Err(fault),
        }
    }
}

impl From<String> for Error {
    fn from(what: String) -> Error {
        Error::Row(what)
    }
}

/// A refused token, say, ends the run; what is said of one picture is of its row.
impl From<service::Error> for Error {
    fn from(error: service::Error) -> Error {
        if error.is_of_run() {
            Error::Run(FatalError(error.message))
        } else {
            Error::Row(error.message)
        }
    }
}

/// Where a stage says what the user should know.
pub trait Diagnostics: Send + Sync {
    /// Told once a run, however often it is noted.
    fn once(&self, text: &str);
    /// Told each time, for a thing that is named by itself.
    fn warn(&self, text: &str);
    /// Adds to a count of the end line, such as `requests`.
    fn count(&self, what: &'static str, more: u64);
}

/// Rows in, one outcome for each, no memory of others.
pub trait Batch: Send + Sync {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// How many rows are wanted at once.
    fn size(&self) -> usize {
        1
    }

    /// Whether this part has anything to do for the row; else it goes by.
    fn wants(&self, _row: &Row) -> bool {
        true
    }

    /// What the row is about, where rows about one thing must be worked on one after the other, in
    /// the order of the input: a file that is changed.
    fn turn(&self, _row: &Row) -> Option<PathBuf> {
        None
    }

    /// Called for each row in the order of the input, before any work: false
    /// leaves it out.
    fn admits(&self, _row: &Row, _notes: &dyn Diagnostics) -> bool {
        true
    }

    /// What of a row is passed on to the rows that are made of it.
    fn carried(&self, row: &Row) -> Row {
        row.clone()
    }

    /// Whether what a row has in a column that the answers set can stay there, where one leaves it out.
    fn may_stay(&self, _column: &Column) -> bool {
        true
    }

    /// Sets columns of a row as a kept answer says. What it leaves out stays as it was.
    fn fill(&self, row: &mut Row, answer: &Row, sets: &[Column]) {
        for column in sets {
            let at = answer.columns().place(column);
            if let Some(at) = at.filter(|&at| !answer.cell(at).is_empty()) {
                row.set_column(column, answer.cell(at), answer.is_raw(at));
            }
        }
    }

    /// The run has ended, and every row was left out: says what may have been
    /// meant.
    fn nothing(&self, _notes: &dyn Diagnostics) {}

    /// As many outcomes as rows, in their order.
    fn run(&self, rows: Vec<Row>, notes: &dyn Diagnostics) -> Result<Vec<Outcome>, FatalError>;
}

/// Rows in order, with memory of those before.
pub trait Scan: Send {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// Takes the next row; outcomes, of this row or of earlier ones, go to `out`.
    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError>;

    /// The input has ended.
    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError>;

    /// Whether there is more to do at the end: what takes long gives its rows piece by piece, and is asked again.
    fn goes_on(&self) -> bool {
        false
    }
}

/// A stream that turned out to be what the tool makes rows of, or rows.
pub enum Opened {
    Own(OwnRows),
    Rows(Box<dyn Read + Send>),
}

/// What a place of a walk gave.
#[derive(Debug, Default)]
pub struct WalkStep {
    pub outcomes: Vec<Outcome>,
    /// Places that this one leads to; their rows come after this one's.
    pub next: Vec<String>,
}

/// Places in, rows and more places out.
pub trait Walk: Send + Sync {
    fn shape(&self, input: &InputHeader) -> Shape;

    /// Where to begin: each place by a name that tells all about it. There may
    /// be millions of them.
    fn start(&self) -> Places;

    /// How many places that is, where it is known: tells how far the walk is.
    fn starts(&self) -> Option<u64> {
        let (least, most) = self.start().size_hint();
        (most == Some(least)).then_some(least as u64)
    }

    /// What is at this place. An error is of this place only and may pass.
    fn step(&self, place: &str, notes: &dyn Diagnostics) -> Result<WalkStep, Error>;

    /// The walk has ended, and no row came of it: says where was looked, and
    /// what may have been meant.
    fn nothing(&self, _notes: &dyn Diagnostics) {}
}

/// Names of places, made as they are needed.
pub type Places = Box<dyn Iterator<Item = String> + Send>;
pub mod document;
mod fatal_error;
pub mod missing_column;
mod row_error;
pub use fatal_error::FatalError;
pub use row_error::RowError;
