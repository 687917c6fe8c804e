//! The attributes by which a file is distinguished from another one, and from itself after a change.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

/// The resolution of file times: a file that was just changed may change again without a new time. Kernels
/// count in steps of 1 to 10 ms (Linux since 6.13 more finely).
const TICK: Duration = Duration::from_millis(10);

/// The attributes by which a file is distinguished from another one, and from itself after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The device and inode numbers, where the system has them.
    inode: (u64, u64),
    pub(super) len: u64,
    modified: Option<SystemTime>,
    /// When anything about the file changed last, including its permissions and names.
    changed: (i64, i64),
}

impl Identity {
    #[cfg(unix)]
    pub fn new(meta: &Metadata) -> Identity {
        use std::os::unix::fs::MetadataExt;
        let (inode, changed) = ((meta.dev(), meta.ino()), (meta.ctime(), meta.ctime_nsec()));
        Identity { inode, len: meta.len(), modified: meta.modified().ok(), changed }
    }

    #[cfg(not(unix))]
    pub fn new(meta: &Metadata) -> Identity {
        let (inode, changed) = ((0, 0), (0, 0));
        Identity { inode, len: meta.len(), modified: meta.modified().ok(), changed }
    }

    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether it is the same file with the same bytes, regardless of its permissions and other names.
    pub fn has_same_bytes(&self, other: &Identity) -> bool {
        self.is_same_file(other) && (self.len, self.modified) == (other.len, other.modified)
    }

    /// Whether it is the same file, even if it was changed.
    pub fn is_same_file(&self, other: &Identity) -> bool {
        self.inode == other.inode
    }
}

/// The identity of the file at a path.
pub fn identity_of(path: &Path) -> io::Result<Identity> {
    settled(|| fs::metadata(path))
}

/// The identity of a file, once its time is old enough that the next change will change it.
pub(super) fn settled(metadata: impl Fn() -> io::Result<Metadata>) -> io::Result<Identity> {
    let meta = metadata()?;
    let age = meta.modified().ok().and_then(|time| time.elapsed().ok());
    if age.is_some_and(|age| age < TICK) {
        thread::sleep(TICK);
        return Ok(Identity::new(&metadata()?));
    }
    Ok(Identity::new(&meta))
}
