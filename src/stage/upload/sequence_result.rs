//! Sends one sequence after the other; while one is finished by the service, the next is sent.

use std::path::PathBuf;

use super::Upload;
use super::action::SequenceStart;
use super::error::Error;
use super::outgoing_photo::Item;
use super::receipt::{Receipt, receipts, said};
use crate::photo::description::columns;
use crate::photo::description::gather::Sequence;
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, Outcome};

impl Upload {
    fn rows(&mut self, sequence: &Sequence) -> Result<Vec<Row>, FatalError> {
        let (gathering, cursor) = (&self.gathering, &mut self.cursor);
        sequence.members.iter().map(|&at| gathering.row(cursor, at as usize)).collect()
    }

    fn items(&mut self, sequence: &Sequence) -> Result<Result<Vec<Item>, Error>, FatalError> {
        let item = |row: &Row| {
            let path = PathBuf::from(row.get(Field::Path).unwrap_or_default());
            Ok(Item { path, description: columns::read(row)? })
        };
        Ok(self.rows(sequence)?.iter().map(item).collect())
    }

    /// Sends a sequence, and outputs the rows of the previous one, which was finished in the meantime.
    pub(super) fn next(
        &mut self,
        sequence: Sequence,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let items = self.items(&sequence)?;
        let begun = items.and_then(|items| self.action.begin(&sequence.name, &items, notes));
        self.settle(out, notes)?;
        match begun {
            Ok(SequenceStart::Ending(ending)) => self.ending = Some((sequence, ending)),
            Ok(SequenceStart::Done(receipts)) => self.give(&sequence, Ok(receipts), out, notes)?,
            Err(error) => self.give(&sequence, Err(error), out, notes)?,
        }
        Ok(())
    }

    /// Waits until the last sequence sent is finished.
    pub(super) fn settle(
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
        let rows = self.rows(sequence)?.into_iter();
        match result {
            Ok(receipts) => {
                notes.count("sequences", 1);
                let rows: Vec<Row> =
                    rows.zip(receipts).map(|(row, receipt)| receipt.fill(row)).collect();
                if self.choice.wait.is_some() && self.user.is_some() {
                    return self.waiting.push(&rows);
                }
                out.extend(rows.into_iter().map(|row| Outcome::Rows(vec![row])));
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
}
