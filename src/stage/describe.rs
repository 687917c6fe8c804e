//! describe: makes the service's description of each photo, and finds its problems before anything is uploaded.

use std::path::{Path, PathBuf};

use crate::disk::{Action, PathError};
use crate::photo::description::columns;
use crate::photo::description::gather::{GatherOptions, Gathering};
use crate::photo::description::list::List;
use crate::photo::row_store::RowCursor;
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

/// Number of rows output at once.
const PIECE: usize = 1024;

/// The options of describe.
#[derive(Debug, Clone)]
pub struct DescribeOptions {
    pub gather: GatherOptions,
    /// The path of the description file.
    pub list: Option<PathBuf>,
    /// Whether the photos are changed afterwards, so that their final sizes are not known yet.
    pub writes: bool,
}

/// Holds the data that the checks need of each row until the end: any later row may belong to a sequence.
pub struct Describe {
    list: Option<PathBuf>,
    writes: bool,
    gathering: Gathering,
    step: Step,
}

/// The current step.
enum Step {
    Gathering,
    Describing,
    Out(Outgoing),
    Done,
}

/// How far the rows have been output.
#[derive(Default)]
struct Outgoing {
    list: Option<List>,
    cursor: RowCursor,
    row: usize,
}

impl Describe {
    pub fn new(choice: DescribeOptions) -> Describe {
        let DescribeOptions { gather, list, writes } = choice;
        Describe { list, writes, gathering: Gathering::new(gather), step: Step::Gathering }
    }

    /// Called when all rows are described: finds the problems of their sequences.
    fn begin(&mut self, notes: &dyn Diagnostics) -> Result<Step, FatalError> {
        let sequences = self.gathering.sequences(notes)?;
        notes.count("sequences", sequences.len() as u64);
        let list = self
            .list
            .as_deref()
            .map(|path| List::create(path).map_err(PathError::at(Action::Write, path)));
        Ok(Step::Out(Outgoing { list: list.transpose()?, ..Outgoing::default() }))
    }

    /// Outputs the next rows; the list is complete with the last one.
    fn pass_on(&mut self, mut to: Outgoing, out: &mut Vec<Outcome>) -> Result<Step, FatalError> {
        let wrong = PathError::at(Action::Write, self.list.as_deref().unwrap_or(Path::new("")));
        let end = self.gathering.len().min(to.row + PIECE);
        for at in to.row..end {
            let row = self.gathering.row(&mut to.cursor, at)?;
            if let Some(list) = &mut to.list {
                let photo = Path::new(row.get(Field::Path).unwrap_or_default());
                // The columns can be read back, because they were filled from values that were read.
                let description = columns::read(&row).map_err(FatalError::new)?;
                let bytes = Some(self.gathering.bytes(at)).filter(|_| !self.writes);
                list.add(photo, &description, bytes, self.gathering.problem(at)).map_err(wrong)?;
            }
            out.push(Outcome::Rows(vec![row]));
        }
        to.row = end;
        if to.row < self.gathering.len() {
            return Ok(Step::Out(to));
        }
        to.list.map_or(Ok(()), List::finish).map_err(wrong)?;
        Ok(Step::Done)
    }
}

impl Scan for Describe {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape { sets: columns::columns(), ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        out.extend(self.gathering.push(row, notes)?);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        self.step = match std::mem::replace(&mut self.step, Step::Done) {
            Step::Gathering | Step::Describing => {
                let goes_on = self.gathering.describe_some(out, notes)?;
                if goes_on { Step::Describing } else { self.begin(notes)? }
            }
            Step::Out(to) => self.pass_on(to, out)?,
            Step::Done => Step::Done,
        };
        Ok(())
    }

    fn goes_on(&self) -> bool {
        matches!(self.step, Step::Describing | Step::Out(_))
    }
}
