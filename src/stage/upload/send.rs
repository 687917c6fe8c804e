//! Uploads one sequence: its photos, then the manifest that lists them, then the request to finish it. Each step is
//! recorded before the next, and each can be repeated, so that a run can resume after a kill at any point.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::service::Client;
use crate::service::upload::{Content, FileType, Memory};
use crate::shape::Diagnostics;
use crate::threads::ordered;

use super::error::Error;
use super::history::{History, Record};
pub use super::how::{Destination, How};
use super::journal::{Journal, now_ms};
use super::manifest::Manifest;
use super::outgoing_photo::{Item, Photo};
use super::panoramax;
use super::prepared::Prepared;
use super::survey::{self, Survey};
use super::upload_hours::second_of_day;
use super::uploaded_sequence::Ready;

/// A sequence whose files have all been sent, or one that was uploaded before.
pub enum Put {
    Ready(Box<Ready>),
    Before(Record),
}

/// Uploads sequences.
pub struct Sender {
    pub client: Arc<Client>,
    pub how: How,
}

impl Sender {
    /// Sends the photos of a sequence, and the manifest that lists them.
    pub fn put(&self, name: &str, items: &[Item], notes: &dyn Diagnostics) -> Result<Put, Error> {
        let work = &self.how.work;
        let known = survey::of_all(items, work)?;
        let sequence_md5 = survey::digest(&known);
        if let Some(record) = self.before(&sequence_md5) {
            return Ok(Put::Before(record));
        }
        let started_ms = now_ms();
        let journal = Journal::open(&self.how.journal, &sequence_md5, started_ms)?;
        let (photos, handle) = match self.how.to {
            Destination::Mapillary => {
                let act = |at| self.photo(&items[at], &known[at], &journal, notes);
                let photos = ordered::each(work, 0..items.len(), act, || Error::Interrupted)?;
                let handle = self.manifest(&photos, &journal)?;
                (photos, handle)
            }
            Destination::Panoramax => {
                let set = panoramax::Set::begin(&self.client, &journal, items)?;
                let act = |at| {
                    self.wait_for_window(notes)?;
                    set.add(at, &items[at], &known[at], notes)
                };
                let photos = ordered::each(work, 0..items.len(), act, || Error::Interrupted)?;
                (photos, set.id)
            }
        };
        let manifest = Some(FileType::Manifest).filter(|_| self.how.to == Destination::Mapillary);
        let said = |item: &Item| item.description.file_item(&item.path.to_string_lossy(), None);
        Ok(Put::Ready(Box::new(Ready {
            sequence_md5,
            sequence: name.to_owned(),
            file_type: manifest,
            handle,
            images: items.len(),
            photos,
            items: items.iter().map(said).collect(),
            journal,
            started_ms,
        })))
    }

    fn before(&self, sequence_md5: &str) -> Option<Record> {
        History::new(&self.how.history).find(sequence_md5).filter(|_| !self.how.force)
    }

    /// Sends a sequence that is already packed.
    pub fn put_zip(
        &self,
        path: &Path,
        digest: &str,
        images: usize,
        notes: &dyn Diagnostics,
    ) -> Result<Put, Error> {
        if let Some(record) = self.before(digest) {
            return Ok(Put::Before(record));
        }
        let started_ms = now_ms();
        let journal = Journal::open(&self.how.journal, digest, started_ms)?;
        let (prepared, md5) = Prepared::file(path)?;
        let key = format!("mly_tools_{md5}.zip");
        let bytes = prepared.content.len();
        let handle = match journal.handle(&key) {
            Some(handle) => handle.to_owned(),
            None => self.file(&prepared, &key, &journal, notes)?,
        };
        Ok(Put::Ready(Box::new(Ready {
            sequence_md5: digest.to_owned(),
            sequence: String::new(),
            file_type: Some(FileType::Zip),
            handle: handle.clone(),
            images,
            photos: vec![Photo { handle, md5, bytes }],
            items: Vec::new(),
            journal,
            started_ms,
        })))
    }

    fn photo(
        &self,
        item: &Item,
        known: &Survey,
        journal: &Journal,
        notes: &dyn Diagnostics,
    ) -> Result<Photo, Error> {
        let key = format!("mly_tools_{}.jpg", known.md5);
        let handle = match journal.handle(&key) {
            Some(handle) => handle.to_owned(),
            None => self.file(&Prepared::photo(item, known)?, &key, journal, notes)?,
        };
        Ok(Photo { handle, md5: known.md5.clone(), bytes: known.bytes })
    }

    /// Sends a file and returns its handle.
    fn file(
        &self,
        prepared: &Prepared,
        key: &str,
        journal: &Journal,
        notes: &dyn Diagnostics,
    ) -> Result<String, Error> {
        self.wait_for_window(notes)?;
        let sent = self.client.send(key, &prepared.content)?;
        prepared.check()?;
        journal.note(key, &sent.handle, now_ms())?;
        notes.count("bytes sent", sent.bytes);
        Ok(sent.handle)
    }

    /// The handle of the manifest, which is sent unless it was sent before.
    fn manifest(&self, photos: &[Photo], journal: &Journal) -> Result<String, Error> {
        let salt = self.how.force.then(|| fastrand::u128(..));
        let organization = self.how.organization.as_deref();
        let Manifest { key, text } = Manifest::new(photos, organization, journal.refusals(), salt);
        if let Some(handle) = journal.handle(&key) {
            return Ok(handle.to_owned());
        }
        let content: Arc<dyn Content> = Arc::new(Memory(text.into()));
        let sent = self.client.send(&key, &content)?;
        journal.note(&key, &sent.handle, now_ms())?;
        Ok(sent.handle)
    }

    fn wait_for_window(&self, notes: &dyn Diagnostics) -> Result<(), Error> {
        let Some(window) = self.how.between else { return Ok(()) };
        loop {
            let wait_s = window.wait_s(second_of_day());
            if wait_s == 0 {
                return Ok(());
            }
            notes.once(&format!("waiting {} min for --between {window}", wait_s.div_ceil(60)));
            if !self.client.pause(Duration::from_secs(u64::from(wait_s.min(60)))) {
                return Err(Error::Interrupted);
            }
        }
    }
}
