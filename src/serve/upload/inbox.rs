//! The inbox of an archive: what is on its way into it, and who may write what.

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

/// What may come, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one file.
    pub most_bytes: u64,
    /// The disk keeps so much.
    pub min_free_bytes: u64,
}

impl Default for Limits {
    /// A 360 degree picture of 100 megapixels has 50 MB.
    fn default() -> Limits {
        Limits { most_bytes: 1_000_000_000, min_free_bytes: 1_000_000_000 }
    }
}

/// What is on its way into the archive.
#[derive(Debug)]
pub struct Uploads {
    pub(super) inbox: PathBuf,
    pub(super) staging: PathBuf,
    pub(super) limits: Limits,
    /// What tokens of users are signed with: another one in another inbox, so that clients do not take its files, which
    /// they remember by the token, for files of this one.
    salt: String,
    /// Sessions that a request is about, by their keys.
    busy: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// One sequence is published after the other.
    pub(super) publishing: Mutex<()>,
}

impl Uploads {
    /// Makes the folders, and takes away what an earlier run left and nobody will ask for.
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

    /// What lets only one request at a time be about a session.
    pub(super) fn lock_of(&self, session: &Session) -> Arc<tokio::sync::Mutex<()>> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that nobody waits for are forgotten.
        busy.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(busy.entry(session.key().to_owned()).or_default())
    }
}

/// What is in the file, or something that nobody can guess, which is there from then on.
fn salt(path: &Path) -> io::Result<String> {
    match open::text(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // The keys of hash maps come from the system's own source of chance.
            let part = || format!("{:016x}", RandomState::new().build_hasher().finish());
            let salt = format!("{}{}", part(), part());
            atomic_file::write(path, salt.as_bytes())?;
            Ok(salt)
        }
        read => read,
    }
}
