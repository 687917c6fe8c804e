//! A sequence whose files have all been sent, and the request that finishes it.

use super::error::Error;
use super::history::{History, New};
use super::how::How;
use super::journal::{Journal, now_ms};
use super::outgoing_photo::Photo;
use crate::service::upload::FileType;
use crate::service::{self, Client};

/// A finished sequence.
#[derive(Debug)]
pub struct Sent {
    pub photos: Vec<Photo>,
    pub cluster_id: String,
    pub at_ms: i64,
}

/// All that is needed to finish a sequence whose files have been sent.
pub struct Ready {
    pub sequence_md5: String,
    pub sequence: String,
    /// The type of the manifest or ZIP that is finished; `None` for an upload set.
    pub file_type: Option<FileType>,
    pub handle: String,
    pub images: usize,
    pub photos: Vec<Photo>,
    /// Elements of a description file.
    pub items: Vec<String>,
    pub journal: Journal,
    pub started_ms: i64,
}

impl Ready {
    /// Finishes the sequence, and records it in the history.
    pub fn end(self, client: &Client, how: &How) -> Result<Sent, Error> {
        let organization = how.organization.as_deref();
        let cluster_id = match self.file_type {
            Some(kind) => client.finish_upload(&self.handle, kind, organization),
            None => client.complete_upload_set(&self.handle).map(|()| self.handle.clone()),
        };
        let cluster_id = cluster_id.inspect_err(|error| journal_refusal(&self.journal, error))?;
        let ended_ms = now_ms();
        History::new(&how.history).add(&New {
            sequence_md5: &self.sequence_md5,
            sequence: &self.sequence,
            cluster_id: &cluster_id,
            file_type: if self.file_type == Some(FileType::Zip) { "zip" } else { "image" },
            images: self.images,
            bytes: self.photos.iter().map(|photo| photo.bytes).sum(),
            started_ms: self.started_ms,
            ended_ms,
            user_id: how.user_id.as_deref(),
            organization,
            items: self.items,
        })?;
        self.journal.remove()?;
        Ok(Sent { photos: self.photos, cluster_id, at_ms: ended_ms })
    }
}

/// Records a refusal in the journal, so that the next run sends a different manifest. If it cannot be recorded, the
/// same one will be sent; only the refusal itself is reported.
fn journal_refusal(journal: &Journal, error: &service::Error) {
    if error.kind == service::ErrorKind::Refused {
        let _ = journal.note_refusal(now_ms());
    }
}
