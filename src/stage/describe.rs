//! describe: the description that the service takes of each photo, and what is wrong with it before a byte is sent.

use std::path::{Path, PathBuf};

use crate::disk::{Action, PathError};
use crate::photo::description::checks::Limits;
use crate::photo::description::columns;
use crate::photo::description::gather::{By, Gathering};
use crate::photo::description::list::List;
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::value::height::Heights;

/// What the user chose.
#[derive(Debug, Clone)]
pub struct DescribeOptions {
    pub by: By,
    pub limits: Limits,
    /// Where the file of descriptions goes.
    pub list: Option<PathBuf>,
    /// Whether the photos are written afterwards: their sizes are not known yet.
    pub writes: bool,
}

/// Holds all rows until the end: a sequence may go on in any later row.
pub struct Describe {
    choice: DescribeOptions,
    gathering: Gathering,
}

impl Describe {
    pub fn new(choice: DescribeOptions, heights: Heights) -> Describe {
        Describe { choice, gathering: Gathering::new(heights) }
    }

    fn write_list(&self, path: &Path) -> Result<(), FatalError> {
        let wrong = PathError::at(Action::Write, path);
        let mut list = List::create(path).map_err(wrong)?;
        for gathered in self.gathering.rows.iter().filter(|it| it.failed.is_none()) {
            let photo = Path::new(gathered.row.get(Field::Path).unwrap_or_default());
            // What was filled reads back: it was read from the same text.
            let description = columns::read(&gathered.row).map_err(FatalError::new)?;
            let bytes = gathered.bytes.filter(|_| !self.choice.writes);
            list.add(photo, &description, bytes, gathered.problem.as_ref()).map_err(wrong)?;
        }
        Ok(list.finish().map_err(wrong)?)
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
        out.extend(self.gathering.push(row, notes));
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let sequences = self.gathering.finish(self.choice.by, &self.choice.limits, notes);
        if let Some(path) = &self.choice.list {
            self.write_list(path)?;
        }
        notes.count("sequences", sequences.len() as u64);
        out.extend(self.gathering.rows.drain(..).map(|it| match it.failed {
            None => Outcome::Rows(vec![it.row]),
            Some(error) => Outcome::Failed(it.row, error.to_string()),
        }));
        Ok(())
    }
}
