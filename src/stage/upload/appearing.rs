//! The rows of sequences whose pictures are waited for, until they appear.

use std::time::Instant;

use crate::row::Field;
use crate::shape::{Diagnostics, FatalError, Outcome};

use super::error::Error;
use super::{Upload, wait};

impl Upload {
    /// Asks for the pictures of all sequences that have not appeared.
    pub(super) fn look(
        &mut self,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
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
