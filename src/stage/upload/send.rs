//! One sequence to the service: its photos, then the manifest that names them, then its end. Each step is noted before
//! the next, and each can be asked for again, so that a kill anywhere leaves it to be gone on with.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::service::upload::{Content, FileType, Memory};
use crate::service::{self, Client};
use crate::shape::Diagnostics;
use crate::threads::{Work, ordered};

use super::error::Error;
use super::history::{History, New, Record};
use super::journal::{Journal, now_ms};
use super::md5::Md5;
use super::panoramax;
use super::prepared::{Item, Photo, Prepared, Survey};
use super::window::{Window, second_of_day};

/// How all sequences are sent.
#[derive(Debug, Clone)]
pub struct How {
    /// For things of this user and this host; see `Journal`.
    pub journal: PathBuf,
    pub history: PathBuf,
    /// How many photos at once, and when to leave off.
    pub work: Work,
    /// Send again what was sent.
    pub force: bool,
    pub between: Option<Window>,
    /// The id of the organization that it is sent for, and of the user who sends it.
    pub organization: Option<String>,
    pub user_id: Option<String>,
    pub to: Destination,
}

/// The service that pictures go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    Mapillary,
    Panoramax,
}

/// A sequence that is there now.
#[derive(Debug)]
pub struct Sent {
    pub photos: Vec<Photo>,
    pub cluster_id: String,
    pub at_ms: i64,
}

/// A sequence whose files the service has; or it was sent before.
pub enum Put {
    Ready(Box<Ready>),
    Before(Record),
}

/// What ends a sequence whose files the service has.
pub struct Ready {
    sequence_md5: String,
    sequence: String,
    /// What the manifest, or the ZIP, is finished as; none of an upload set.
    file_type: Option<FileType>,
    handle: String,
    images: usize,
    photos: Vec<Photo>,
    /// Elements of a file of descriptions.
    items: Vec<String>,
    journal: Journal,
    started_ms: i64,
}

/// Sends sequences.
pub struct Sender {
    pub client: Arc<Client>,
    pub how: How,
}

impl Sender {
    /// Sends the photos of a sequence, and the manifest that names them.
    pub fn put(&self, name: &str, items: &[Item], notes: &dyn Diagnostics) -> Result<Put, Error> {
        let work = &self.how.work;
        let known = survey(items, work)?;
        let sequence_md5 = digest(&known);
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

    /// Makes a sequence of what was sent, and notes that.
    pub fn end(&self, ready: Ready) -> Result<Sent, Error> {
        let organization = self.how.organization.as_deref();
        let cluster_id = match ready.file_type {
            Some(kind) => self.client.finish_upload(&ready.handle, kind, organization),
            None => self.client.complete_upload_set(&ready.handle).map(|()| ready.handle.clone()),
        };
        let cluster_id = cluster_id.inspect_err(|error| journal_refusal(&ready.journal, error))?;
        let ended_ms = now_ms();
        History::new(&self.how.history).add(&New {
            sequence_md5: &ready.sequence_md5,
            sequence: &ready.sequence,
            cluster_id: &cluster_id,
            file_type: if ready.file_type == Some(FileType::Zip) { "zip" } else { "image" },
            images: ready.images,
            bytes: ready.photos.iter().map(|photo| photo.bytes).sum(),
            started_ms: ready.started_ms,
            ended_ms,
            user_id: self.how.user_id.as_deref(),
            organization,
            items: ready.items,
        })?;
        ready.journal.remove()?;
        Ok(Sent { photos: ready.photos, cluster_id, at_ms: ended_ms })
    }

    /// Sends a sequence that was packed already.
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

    /// The handle of a file that is sent now.
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

    /// The same photos for the same organization have a manifest of the same key, so that it is the same one after a
    /// kill; what is sent again on purpose is another one.
    fn manifest(&self, photos: &[Photo], journal: &Journal) -> Result<String, Error> {
        let handles: Vec<&str> = photos.iter().map(|photo| photo.handle.as_str()).collect();
        let text =
            json!({"image_handles": handles, "upload_type": "images", "version": "1"}).to_string();
        let mut md5 = Md5::default();
        md5.add(text.as_bytes());
        md5.add(self.how.organization.as_deref().unwrap_or_default().as_bytes());
        // One that was refused is not asked for again; another one of the same photos may do (mapillary_tools #598).
        if journal.refusals() > 0 {
            md5.add(&journal.refusals().to_le_bytes());
        }
        if self.how.force {
            md5.add(&fastrand::u128(..).to_le_bytes());
        }
        let key = format!("uuid_{}.json", md5.text());
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

/// Photos whose digests are worked out together: enough for all lanes to be busy, few enough for all threads.
const SURVEYED_AT_ONCE: usize = 32;

/// What must be known of photos before they are sent.
pub fn survey(items: &[Item], work: &Work) -> Result<Vec<Survey>, Error> {
    let parts = items.chunks(SURVEYED_AT_ONCE);
    let surveys = ordered::each(work, parts, Survey::of, || Error::Interrupted)?;
    Ok(surveys.into_iter().flatten().collect())
}

/// The digest of a sequence, of its files as they are, in their order.
pub fn digest(known: &[Survey]) -> String {
    Md5::of_sequence(known.iter().map(|survey| survey.original_md5.as_str()))
}

/// A refusal is kept in the journal, so that the next run sends another manifest. If it cannot be kept, the same one is
/// sent: what is said is the refusal.
fn journal_refusal(journal: &Journal, error: &service::Error) {
    if error.kind == service::ErrorKind::Refused {
        let _ = journal.note_refusal(now_ms());
    }
}
