//! upload: described photos to the service, a sequence at a time, and what became of each.

mod content;
mod ending;
mod error;
mod history;
mod journal;
mod md5;
mod md5_lanes;
mod panoramax;
mod plan;
mod prepared;
pub mod receipt;
pub mod send;
mod wait;
mod window;
mod zip;
pub mod zips;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::photo::description::checks::Limits;
use crate::photo::description::columns;
use crate::photo::description::gather::{By, Gathering, Sequence};
use crate::photo::description::problem;
use crate::row::{Field, Row};
use crate::service::upload::User;
use crate::shape::{Diagnostics, FatalError, InputHeader, Outcome, Scan, Shape};
use crate::value::height::Heights;

use ending::Ending;
use error::Error;
use history::History;
pub use journal::folder as journal_folder;
use prepared::Item;
use receipt::{Receipt, held, receipts, said};
use send::{How, Put, Sender};
pub use window::Window;

/// What the user chose.
#[derive(Debug, Clone)]
pub struct UploadOptions {
    pub by: By,
    pub limits: Limits,
    pub heights: Heights,
    /// ZIP files go here, and nothing is sent.
    pub zip: Option<PathBuf>,
    /// Say what would be done.
    pub dry_run: bool,
    /// Bytes a second, for what a dry run says.
    pub max_rate: Option<f64>,
    /// Wait so long for the pictures to appear, and ask so often.
    pub wait: Option<Duration>,
    pub poll: Duration,
}

/// Holds all rows until the end: a sequence may go on in any later row. Then it gives the rows of each sequence as soon
/// as that is sent.
pub struct Upload {
    choice: UploadOptions,
    /// How it is sent, also where nothing is sent: the history is read.
    how: How,
    sender: Option<Arc<Sender>>,
    user: Option<User>,
    gathering: Gathering,
    /// What is left to do, the next one last; none before the end of the input.
    left: Option<Vec<Sequence>>,
    /// The one that was sent last, while its end is asked for.
    ending: Option<(Sequence, Ending)>,
    /// Rows of sequences that were sent and have not appeared.
    waiting: Vec<Vec<Row>>,
    since: Option<Instant>,
}

impl Upload {
    /// Without a sender nothing is sent.
    pub fn new(choice: UploadOptions, how: How, sender: Option<(Sender, User)>) -> Upload {
        let (sender, user) = sender.unzip();
        let sender = sender.map(Arc::new);
        let gathering = Gathering::new(choice.heights);
        Upload {
            choice,
            how,
            sender,
            user,
            gathering,
            left: None,
            ending: None,
            waiting: Vec::new(),
            since: None,
        }
    }

    /// Puts the sequences together; the rows that are in none.
    fn begin(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) {
        let mut sequences = self.gathering.finish(self.choice.by, &self.choice.limits, notes);
        let mut is_member = vec![false; self.gathering.rows.len()];
        sequences.iter().flat_map(|it| &it.members).for_each(|&at| is_member[at] = true);
        let others =
            self.gathering.rows.iter_mut().zip(is_member).filter(|(_, is_member)| !is_member);
        for (gathered, _) in others {
            let row = std::mem::replace(&mut gathered.row, Row::from_cells(&[]));
            out.push(match gathered.failed.take() {
                Some(error) => Outcome::Failed(row, error.to_string()),
                None => Outcome::Rows(vec![held(row)]),
            });
        }
        if self.choice.dry_run {
            plan::say(&sequences, &self.gathering.rows, self.choice.max_rate, notes);
        }
        sequences.reverse();
        self.left = Some(sequences);
    }

    fn items(&self, sequence: &Sequence) -> Result<Vec<Item>, Error> {
        let item = |&at: &usize| {
            let row = &self.gathering.rows[at].row;
            let path = PathBuf::from(row.get(Field::Path).unwrap_or_default());
            Ok(Item { path, description: columns::read(row)? })
        };
        sequence.members.iter().map(item).collect()
    }

    /// What becomes of one sequence, or its end, which is to be waited for.
    fn begin_one(&self, sequence: &Sequence, notes: &dyn Diagnostics) -> Result<Begun, Error> {
        let items = self.items(sequence)?;
        let Some(sender) = &self.sender else {
            return self.without_sending(&items).map(Begun::Done);
        };
        Ok(match sender.put(&sequence.name, &items, notes)? {
            Put::Before(record) => {
                notes.once("some sequences were uploaded before and are not sent again: --force sends them");
                Begun::Done(vec![Receipt::kept(&record); items.len()])
            }
            Put::Ready(ready) => Begun::Ending(Ending::ask(sender, *ready)),
        })
    }

    fn without_sending(&self, items: &[Item]) -> Result<Vec<Receipt>, Error> {
        let known = send::survey(items, &self.how.work)?;
        if let Some(folder) = self.choice.zip.as_deref().filter(|_| !self.choice.dry_run) {
            let (path, photos) = zip::write(folder, items, &known)?;
            return Ok(photos.iter().map(|photo| Receipt::packed(photo, &path)).collect());
        }
        let digest = send::digest(&known);
        let before = History::new(&self.how.history).find(&digest).filter(|_| !self.how.force);
        let before = before.filter(|_| self.choice.zip.is_none());
        Ok(vec![before.map_or_else(Receipt::planned, |record| Receipt::kept(&record)); items.len()])
    }

    /// Sends a sequence, and gives the rows of the one before, whose end was waited for meanwhile.
    fn next(
        &mut self,
        sequence: Sequence,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let begun = self.begin_one(&sequence, notes);
        self.settle(out, notes)?;
        match begun {
            Ok(Begun::Ending(ending)) => self.ending = Some((sequence, ending)),
            Ok(Begun::Done(receipts)) => self.give(&sequence, Ok(receipts), out, notes)?,
            Err(error) => self.give(&sequence, Err(error), out, notes)?,
        }
        Ok(())
    }

    /// Waits for the end of the sequence that was sent last.
    fn settle(
        &mut self,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let Some((sequence, ending)) = self.ending.take() else { return Ok(()) };
        let sent = ending.wait().map(|sent| receipts(&sent));
        self.give(&sequence, sent, out, notes)
    }

    fn give(
        &mut self,
        sequence: &Sequence,
        result: Result<Vec<Receipt>, Error>,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let rows = sequence
            .members
            .iter()
            .map(|&at| std::mem::replace(&mut self.gathering.rows[at].row, Row::from_cells(&[])));
        match result {
            Ok(receipts) => {
                notes.count("sequences", 1);
                let rows: Vec<Row> =
                    rows.zip(receipts).map(|(row, receipt)| receipt.fill(row)).collect();
                if self.choice.wait.is_some() && self.user.is_some() {
                    self.waiting.push(rows);
                } else {
                    out.extend(rows.into_iter().map(|row| Outcome::Rows(vec![row])));
                }
                Ok(())
            }
            Err(error) if error.is_of_run() => Err(FatalError::new(said(&sequence.name, &error))),
            Err(error) => {
                let what = said(&sequence.name, &error);
                out.extend(rows.map(|row| Outcome::Failed(row, what.clone())));
                Ok(())
            }
        }
    }

    /// Asks for the pictures of all sequences that have not appeared.
    fn look(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let (Some(sender), Some(user)) = (&self.sender, &self.user) else { return Ok(()) };
        let patience = self.choice.wait.unwrap_or_default();
        let is_first = self.since.is_none();
        let since = *self.since.get_or_insert_with(Instant::now);
        let is_last = since.elapsed() >= patience;
        if !is_first && !is_last && !sender.client.pause(self.choice.poll.min(patience)) {
            return Err(FatalError::new(Error::Interrupted));
        }
        for mut rows in std::mem::take(&mut self.waiting) {
            let wanted: Vec<_> = rows.iter().filter_map(wait::wanted).collect();
            let found =
                wait::find(&sender.client, &user.username, &wanted).map_err(FatalError::new)?;
            let appeared = found.iter().flatten().count();
            if appeared < rows.len() && !is_last {
                self.waiting.push(rows);
                continue;
            }
            notes.count("appeared", appeared as u64);
            for (row, id) in rows.iter_mut().zip(found) {
                match id {
                    Some(id) => row.set(Field::ImgId, &id),
                    None => row.set(Field::Why, "it has not appeared yet: the same command looks again, and sends nothing twice"),
                }
            }
            out.extend(rows.into_iter().map(|row| Outcome::Rows(vec![row])));
        }
        Ok(())
    }
}

/// What became of a sequence at once, or its end.
enum Begun {
    Done(Vec<Receipt>),
    Ending(Ending),
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
        // What describe has found, perhaps with other limits, stands.
        if problem::said(&row).is_some() {
            out.push(Outcome::Rows(vec![held(row)]));
            return Ok(());
        }
        out.extend(self.gathering.push(row, notes));
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<Outcome>, notes: &dyn Diagnostics) -> Result<(), FatalError> {
        let Some(left) = &mut self.left else {
            self.begin(out, notes);
            return Ok(());
        };
        match left.pop() {
            Some(sequence) => self.next(sequence, out, notes),
            None if self.ending.is_some() => self.settle(out, notes),
            None => self.look(out, notes),
        }
    }

    fn goes_on(&self) -> bool {
        self.left.as_ref().is_some_and(|left| !left.is_empty())
            || self.ending.is_some()
            || !self.waiting.is_empty()
    }
}
