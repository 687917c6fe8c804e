//! One file on its way: how many of its bytes are held, and where they lie.
//!
//! Its name comes from the network, so it names nothing on disk: files are named by digests of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A name of `mly_tools_<md5>.jpg` has 46 characters; a longer one has no reason.
const NAME_LIMIT: usize = 160;

/// The endings of what clients send: pictures, their manifest, and pictures in one file.
const ENDINGS: [&str; 4] = [".jpg", ".jpeg", ".json", ".zip"];

/// How a handle begins.
const HANDLE: &str = "2:";

/// A file that a user is sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of its user and its name.
    digest: String,
    owner: String,
}

/// What of it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub bytes: u64,
    pub is_complete: bool,
}

impl Session {
    /// The session of a name that a user gave it; `None` is no name of a session.
    pub fn named(user: &str, name: &str) -> Option<Session> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let has_ending = ENDINGS.iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
        let is_name = name.len() <= NAME_LIMIT
            && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
            && name.bytes().all(is_plain)
            && has_ending;
        is_name.then(|| Session {
            digest: hex(&Sha256::digest(format!("{user}\n{name}"))),
            owner: owner(user),
        })
    }

    /// The session that a handle of this user means. A handle is good for nobody else.
    pub fn from_handle(user: &str, handle: &str) -> Option<Session> {
        let (owner_given, digest) = handle.strip_prefix(HANDLE)?.split_once('.')?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_digest = digest.len() == 64 && digest.bytes().all(is_hex);
        let owner = owner(user);
        (is_digest && owner == owner_given).then(|| Session { digest: digest.to_owned(), owner })
    }

    /// What the client names the file by from now on.
    pub fn handle(&self) -> String {
        format!("{HANDLE}{}.{}", self.owner, self.digest)
    }

    /// Names it among others.
    pub fn key(&self) -> &str {
        &self.digest
    }

    pub fn partial(&self, staging: &Path) -> PathBuf {
        staging.join(format!("{}.part", self.digest))
    }

    pub fn complete(&self, staging: &Path) -> PathBuf {
        staging.join(format!("{}.file", self.digest))
    }

    /// Where it is kept which cluster it has become, if it was finished.
    pub fn cluster(&self, staging: &Path) -> PathBuf {
        staging.join(format!("{}.cluster", self.digest))
    }

    pub fn held(&self, staging: &Path) -> io::Result<Held> {
        for (path, is_complete) in [(self.complete(staging), true), (self.partial(staging), false)]
        {
            match fs::metadata(path) {
                Ok(meta) => return Ok(Held { bytes: meta.len(), is_complete }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Held { bytes: 0, is_complete: false })
    }
}

fn owner(user: &str) -> String {
    hex(&Sha256::digest(format!("owner\n{user}"))[..6])
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
