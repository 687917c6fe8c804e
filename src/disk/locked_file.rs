//! A file to be replaced or removed: locked, identified, and checked again at the moment its name changes.
//! Changes that other programs make in the meantime are kept.

mod identity;
mod removal;

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::open;
use crate::value::digest::Digest;

pub(super) use super::concurrent_change::changed_twice;
pub use super::concurrent_change::{changed, is_change};
use super::file_lease::{self, Lease};
use super::lock::{self, Lock};
use super::positioned_io::{CHUNK, Part, each_part};
use identity::settled;
pub use identity::{Identity, identity_of};
pub use removal::give_back;

/// How long to wait for another run, which has the lock only while it writes the file.
const PATIENCE: Duration = Duration::from_secs(20);

/// See the documentation of this module. The lock lasts as long as this value.
#[derive(Debug)]
pub struct LockedFile {
    /// The path as given. `path` is the same with links followed.
    named: PathBuf,
    path: PathBuf,
    file: File,
    identity: Identity,
}

impl LockedFile {
    /// Opens a file, waits for its lock, and makes sure that the path still names it: the previous holder of
    /// the lock may have put a new file there. Symbolic links are followed.
    ///
    /// # Errors
    /// The file cannot be opened, is not a regular file, or another process does not release it.
    pub fn open(named: &Path) -> io::Result<LockedFile> {
        let until = Instant::now() + PATIENCE;
        let mut pause = Duration::from_micros(200);
        loop {
            let path = fs::canonicalize(named)?;
            let file = open::file(&path)?;
            let lock = lock::try_lock(&file);
            if lock != Lock::Busy {
                let identity = settled(|| file.metadata())?;
                let named = named.to_path_buf();
                let held = LockedFile { named, path, file, identity };
                if held.is_named() {
                    return Ok(held);
                }
            } else if Instant::now() < until {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(50));
            } else {
                return Err(io::Error::other("another process holds it: run again later"));
            }
        }
    }

    /// The path, with links followed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The handle, through which the file is always read.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The bytes that the file had when it was opened, as a file of its own.
    pub fn bytes(&self) -> io::Result<Part> {
        Ok(Part::new(self.file.try_clone()?, 0, self.identity.len, None))
    }

    /// The digest of its bytes.
    ///
    /// # Errors
    /// It changed while it was read.
    pub fn digest(&self) -> io::Result<Digest> {
        let all = (0, self.identity.len);
        let digest = each_part(&self.file, all, &mut vec![0; CHUNK], |_, _| Ok(()))?;
        self.check()?;
        Ok(digest)
    }

    /// Whether the file has other names (hard links), which keep the old bytes when this name gets new ones.
    pub fn has_other_names(&self) -> bool {
        self.file.metadata().is_ok_and(|meta| names_of(&meta) > 1)
    }

    /// # Errors
    /// The file has changed since it was opened, its path names another one, or another process is writing it.
    pub fn check(&self) -> io::Result<()> {
        self.check_and_lease().map(drop)
    }

    /// Like [`LockedFile::check`]. As long as the lease is held, no process can open the file for writing
    /// unnoticed.
    pub(super) fn check_and_lease(&self) -> io::Result<Option<Lease<'_>>> {
        let lease = file_lease::take(&self.file)?;
        let is_same = Identity::new(&self.file.metadata()?) == self.identity;
        if is_same && self.is_named() { Ok(lease) } else { Err(changed()) }
    }

    /// Records that a hard link to this file was added, which does not count as a change.
    pub(super) fn take_note_of_link(&mut self) -> io::Result<()> {
        let now = Identity::new(&self.file.metadata()?);
        if !now.has_same_bytes(&self.identity) {
            return Err(changed());
        }
        self.identity = now;
        Ok(())
    }

    fn is_named(&self) -> bool {
        let named = fs::symlink_metadata(&self.path);
        named.is_ok_and(|named| Identity::new(&named).is_same_file(&self.identity))
    }
}

/// The path with links followed, even if the file itself does not exist.
pub fn real(path: &Path) -> PathBuf {
    let real = fs::canonicalize(path).or_else(|_| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
        Ok::<_, io::Error>(folder.join(path.file_name().unwrap_or_default()))
    });
    real.unwrap_or_else(|_| path.to_path_buf())
}

/// Whether another process has a file open for writing that was opened here for reading; false if the system
/// does not report it.
pub fn is_being_written(file: &File) -> bool {
    file_lease::take(file).is_err()
}

#[cfg(unix)]
fn names_of(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(meta)
}

#[cfg(not(unix))]
fn names_of(_: &Metadata) -> u64 {
    1
}

#[cfg(test)]
pub mod tests;
