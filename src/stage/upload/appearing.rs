//! Holds the rows of uploaded sequences until their pictures appear on the service.

use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use crate::photo::row_store::{RowCursor, RowStore};
use crate::row::{Field, Row};
use crate::shape::{Diagnostics, FatalError, Outcome};

use super::error::Error;
use super::{Upload, wait};

const NOT_YET: &str =
    "it has not appeared yet: the same command looks again, and sends nothing twice";

/// Sequences that were sent and have not appeared. Their rows are stored in a temporary file.
pub(super) struct Waiting {
    rows: RowStore,
    sequences: Vec<Range<usize>>,
    since: Option<Instant>,
}

impl Waiting {
    /// The temporary file is in `folder`.
    pub fn new(folder: &Path) -> Waiting {
        Waiting { rows: RowStore::new(folder), sequences: Vec::new(), since: None }
    }

    pub fn is_empty(&self) -> bool {
        self.sequences.is_empty()
    }

    /// Adds the rows of a sequence.
    ///
    /// # Errors
    /// If the temporary file cannot be read or written.
    pub fn push(&mut self, rows: &[Row]) -> Result<(), FatalError> {
        let start = self.rows.len();
        rows.iter().try_for_each(|row| self.rows.push(row))?;
        self.sequences.push(start..self.rows.len());
        Ok(())
    }

    fn rows(&self, sequence: Range<usize>) -> Result<Vec<Row>, FatalError> {
        let mut cursor = RowCursor::default();
        sequence.map(|at| cursor.get(&self.rows, at)).collect()
    }
}

impl Upload {
    /// Looks for the pictures of all sequences that have not appeared.
    pub(super) fn look(
        &mut self,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        let (Some(sender), Some(user)) = (&self.action.sender, &self.user) else { return Ok(()) };
        let patience = self.choice.wait.unwrap_or_default();
        let is_first = self.waiting.since.is_none();
        let since = *self.waiting.since.get_or_insert_with(Instant::now);
        let is_last = since.elapsed() >= patience;
        if !is_first && !is_last && !sender.client.pause(self.choice.poll.min(patience)) {
            return Err(FatalError::new(Error::Interrupted));
        }
        for sequence in std::mem::take(&mut self.waiting.sequences) {
            let mut rows = self.waiting.rows(sequence.clone())?;
            let wanted: Vec<_> = rows.iter().filter_map(wait::wanted).collect();
            let found =
                wait::find(&sender.client, &user.username, &wanted).map_err(FatalError::new)?;
            let appeared = found.iter().flatten().count();
            if appeared < rows.len() && !is_last {
                self.waiting.sequences.push(sequence);
                continue;
            }
            notes.count("appeared", appeared as u64);
            for (row, id) in rows.iter_mut().zip(found) {
                match id {
                    Some(id) => row.set(Field::ImgId, &id),
                    None => row.set(Field::Why, NOT_YET),
                }
            }
            out.extend(rows.into_iter().map(|row| Outcome::Rows(vec![row])));
        }
        Ok(())
    }
}
