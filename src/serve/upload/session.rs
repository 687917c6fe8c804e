//! One upload in progress: how many of its bytes are stored, and where.
//!
//! Its name comes from the network, so it is not used on disk: files are named by a digest of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The maximum length of a name; `mly_tools_<md5>.jpg` has 46 characters.
const NAME_LIMIT: usize = 160;

/// The extensions of uploaded files: pictures, manifests, and pictures in one file.
const ENDINGS: [&str; 4] = [".jpg", ".jpeg", ".json", ".zip"];

/// The prefix of handles.
const HANDLE: &str = "2:";

/// A file that a user is sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The digest of its user and its name.
    digest: String,
    owner: String,
}

/// The stored part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub bytes: u64,
    pub is_complete: bool,
}

impl Session {
    /// The session for a file name given by a user; `None` if the name is not valid.
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

    /// The session of a handle, which is valid for this user only.
    pub fn from_handle(user: &str, handle: &str) -> Option<Session> {
        let (owner_given, digest) = handle.strip_prefix(HANDLE)?.split_once('.')?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_digest = digest.len() == 64 && digest.bytes().all(is_hex);
        let owner = owner(user);
        (is_digest && owner == owner_given).then(|| Session { digest: digest.to_owned(), owner })
    }

    /// The handle by which the client names the file from now on.
    pub fn handle(&self) -> String {
        format!("{HANDLE}{}.{}", self.owner, self.digest)
    }

    /// Identifies the session.
    pub fn key(&self) -> &str {
        &self.digest
    }

    pub fn partial(&self, staging: &Path) -> PathBuf {
        staging.join(format!("{}.part", self.digest))
    }

    pub fn complete(&self, staging: &Path) -> PathBuf {
        staging.join(format!("{}.file", self.digest))
    }

    /// The file that records the cluster of a finished upload.
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
