//! The inbox of an archive: pending uploads, and locks on them.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::disk::{NOTES, atomic_file, open};

use super::session::Session;
use super::sweep;

/// The folder of the inbox in an archive.
pub const INBOX: &str = "uploads";

/// Limits on uploads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The maximum size of a file.
    pub most_bytes: u64,
    /// The minimum free space on the disk.
    pub min_free_bytes: u64,
}

impl Default for Limits {
    /// A 360-degree picture of 100 megapixels has 50 MB.
    fn default() -> Limits {
        Limits { most_bytes: 1_000_000_000, min_free_bytes: 1_000_000_000 }
    }
}

/// Pending uploads.
#[derive(Debug)]
pub struct Uploads {
    pub(super) inbox: PathBuf,
    pub(super) staging: PathBuf,
    pub(super) limits: Limits,
    /// Part of the key that signs user tokens. It differs between inboxes, because clients remember uploaded files by
    /// token, and must not take files in another inbox for files in this one.
    salt: String,
    /// Locks of the sessions in use, by key.
    busy: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Held while a sequence is published: one at a time.
    pub(super) publishing: Mutex<()>,
}

impl Uploads {
    /// Makes the folders, and deletes abandoned uploads of earlier runs.
    pub fn open(inbox: &Path, limits: Limits) -> io::Result<Uploads> {
        let staging = inbox.join(NOTES).join(INBOX);
        std::fs::create_dir_all(&staging)?;
        sweep::sweep(&staging)?;
        Ok(Uploads {
            salt: salt(&staging.join("salt"))?,
            inbox: inbox.to_path_buf(),
            staging,
            limits,
            busy: Mutex::default(),
            publishing: Mutex::default(),
        })
    }

    pub fn salt(&self) -> &str {
        &self.salt
    }

    /// The lock that allows only one request at a time for a session.
    pub(super) fn lock_of(&self, session: &Session) -> Arc<tokio::sync::Mutex<()>> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        // Locks that nobody waits for are dropped.
        busy.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(busy.entry(session.key().to_owned()).or_default())
    }
}

/// The salt in the file; if there is none, a random one is written, by one of the servers that start at once.
fn salt(path: &Path) -> io::Result<String> {
    match open::text(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            atomic_file::update(path, |old| io::Result::Ok(old.is_none().then(random_salt)))?;
            open::text(path)
        }
        read => read,
    }
}

/// The keys of hash maps come from the system's random number generator.
fn random_salt() -> Vec<u8> {
    let part = || format!("{:016x}", RandomState::new().build_hasher().finish());
    format!("{}{}", part(), part()).into_bytes()
}
