//! What is done with the photos of one sequence: upload, pack into a ZIP file, or look up in the history.

use std::path::PathBuf;
use std::sync::Arc;

use crate::shape::Diagnostics;

use super::background_finish::Ending;
use super::error::Error;
use super::history::History;
use super::outgoing_photo::Item;
use super::receipt::Receipt;
use super::send::{How, Put, Sender};
use super::{survey, zip};

/// What to do with each sequence.
pub struct Action {
    /// How it is sent; also needed if nothing is sent, because the history is read.
    pub how: How,
    /// `None` to send nothing.
    pub sender: Option<Arc<Sender>>,
    /// The folder for ZIP files; nothing is sent.
    pub zip: Option<PathBuf>,
    pub dry_run: bool,
}

/// The result for a sequence, or its finish, which must be waited for.
pub enum SequenceStart {
    Done(Vec<Receipt>),
    Ending(Ending),
}

impl Action {
    /// Starts with the sequence of this name.
    ///
    /// # Errors
    /// Why it cannot be sent.
    pub fn begin(
        &self,
        name: &str,
        items: &[Item],
        notes: &dyn Diagnostics,
    ) -> Result<SequenceStart, Error> {
        let Some(sender) = &self.sender else {
            return self.without_sending(items).map(SequenceStart::Done);
        };
        Ok(match sender.put(name, items, notes)? {
            Put::Before(record) => {
                notes.once("some sequences were uploaded before and are not sent again: --force sends them");
                SequenceStart::Done(vec![Receipt::kept(&record); items.len()])
            }
            Put::Ready(ready) => SequenceStart::Ending(Ending::ask(sender, *ready)),
        })
    }

    fn without_sending(&self, items: &[Item]) -> Result<Vec<Receipt>, Error> {
        let known = survey::of_all(items, &self.how.work)?;
        if let Some(folder) = self.zip.as_deref().filter(|_| !self.dry_run) {
            let (path, photos) = zip::write(folder, items, &known)?;
            return Ok(photos.iter().map(|photo| Receipt::packed(photo, &path)).collect());
        }
        let digest = survey::digest(&known);
        let before = History::new(&self.how.history).find(&digest).filter(|_| !self.how.force);
        let before = before.filter(|_| self.zip.is_none());
        Ok(vec![before.map_or_else(Receipt::planned, |record| Receipt::kept(&record)); items.len()])
    }
}
