//! upload: uploads described photos by sequence, and reports the result of each.

mod action;
mod appearing;
mod background_finish;
mod dry_run;
mod error;
mod history;
mod how;
mod journal;
mod manifest;
mod md5;
mod md5_lanes;
mod outgoing_photo;
mod panoramax;
mod prepared;
pub mod receipt;
pub mod send;
mod sequence_result;
mod spliced_content;
mod survey;
mod upload_hours;
mod upload_options;
mod uploaded_sequence;
mod wait;
mod zip;
pub mod zips;

use std::sync::Arc;

use crate::photo::description::columns;
use crate::photo::description::gather::{Gathering, Sequence};
use crate::photo::description::problem;
use crate::photo::row_store::RowCursor;
use crate::row::{Field, Row};
use crate::service::upload::User;
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};

use action::Action;
use appearing::Waiting;
use background_finish::Ending;
use error::Error;
pub use journal::folder as journal_folder;
use receipt::held;
use send::{How, Sender};
pub use upload_hours::Window;
pub use upload_options::UploadOptions;

/// Number of rows in no sequence that are output at once.
const PIECE: usize = 1024;

/// Holds the data that the checks need of each row until the end: any later row may belong to a sequence. Then
/// outputs the rows of each sequence as soon as it is sent.
pub struct Upload {
    choice: UploadOptions,
    action: Action,
    user: Option<User>,
    gathering: Gathering,
    cursor: RowCursor,
    step: Step,
    /// The sequences that are left, the next one last.
    left: Vec<Sequence>,
    /// The last sequence sent, while it is being finished.
    ending: Option<(Sequence, Ending)>,
    waiting: Waiting,
}

impl Upload {
    /// Without a sender, nothing is sent.
    pub fn new(choice: UploadOptions, how: How, sender: Option<(Sender, User)>) -> Upload {
        let (sender, user) = sender.unzip();
        let (zip, dry_run) = (choice.zip.clone(), choice.dry_run);
        let action = Action { how, sender: sender.map(Arc::new), zip, dry_run };
        let gathering = Gathering::new(choice.gather.clone());
        let waiting = Waiting::new(&choice.gather.tmp_dir);
        Upload {
            choice,
            action,
            user,
            gathering,
            cursor: RowCursor::default(),
            step: Step::Gathering,
            left: Vec::new(),
            ending: None,
            waiting,
        }
    }

    /// Collects the sequences of the rows without a problem.
    fn begin(&mut self, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let mut sequences = self.gathering.sequences(notes)?;
        if self.choice.dry_run {
            let members = sequences.iter().flat_map(|sequence| &sequence.members);
            let bytes = members.map(|&at| self.gathering.bytes(at as usize)).sum();
            dry_run::say(&sequences, bytes, self.choice.max_rate, notes);
        }
        sequences.reverse();
        self.left = sequences;
        self.step = Step::Held(0);
        Ok(())
    }

    /// Outputs the next rows that are in no sequence.
    fn hold(&mut self, from: usize, out: &mut Vec<Outcome>) -> Result<(), FatalError> {
        let end = self.gathering.len().min(from + PIECE);
        for at in (from..end).filter(|&at| self.gathering.problem(at).is_some()) {
            let row = self.gathering.row(&mut self.cursor, at)?;
            out.push(Outcome::Rows(vec![held(row)]));
        }
        self.step = if end < self.gathering.len() { Step::Held(end) } else { Step::Sending };
        Ok(())
    }
}

/// The current step.
enum Step {
    Gathering,
    Describing,
    /// Outputs the rows with problems, from this one on.
    Held(usize),
    Sending,
}

impl Scan for Upload {
    fn shape(&self, _: &InputHeader) -> Shape {
        let mut sets = columns::columns();
        sets.extend(receipt::columns());
        sets.extend(self.choice.wait.map(|_| Field::ImgId.into()));
        Shape { sets, ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        // Problems found by describe are kept, even if it used different limits.
        if problem::said(&row).is_some() {
            out.push(Outcome::Rows(vec![held(row)]));
            return Ok(());
        }
        out.extend(self.gathering.push(row, notes)?);
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        match self.step {
            Step::Gathering | Step::Describing => {
                self.step = Step::Describing;
                let goes_on = self.gathering.describe_some(out, notes)?;
                return if goes_on { Ok(()) } else { self.begin(notes) };
            }
            Step::Held(from) => return self.hold(from, out),
            Step::Sending => {}
        }
        match self.left.pop() {
            Some(sequence) => self.next(sequence, out, notes),
            None if self.ending.is_some() => self.settle(out, notes),
            None => self.look(out, notes),
        }
    }

    fn goes_on(&self) -> bool {
        match self.step {
            Step::Gathering => false,
            Step::Describing | Step::Held(_) => true,
            Step::Sending => {
                !self.left.is_empty() || self.ending.is_some() || !self.waiting.is_empty()
            }
        }
    }
}
