//! What is done with the photos of one sequence: they are sent, packed into a ZIP file, or only looked up in the history.

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

/// What is done with each sequence.
pub struct Action {
    /// How it is sent, also where nothing is sent: the history is read.
    pub how: How,
    /// Without one nothing is sent.
    pub sender: Option<Arc<Sender>>,
    /// ZIP files go here, and nothing is sent.
    pub zip: Option<PathBuf>,
    pub dry_run: bool,
}

/// What became of a sequence at once, or its end, which is to be waited for.
pub enum SequenceStart {
    Done(Vec<Receipt>),
    Ending(Ending),
}

impl Action {
    /// Begins with the sequence of this name.
    ///
    /// # Errors
    /// What keeps it from being sent.
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
