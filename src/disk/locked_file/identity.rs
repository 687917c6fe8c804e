//! The attributes by which a file is distinguished from another one, and from itself after a change.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

/// Stands for a time that the system does not know.
const NO_TIME: i128 = i128::MIN;

impl Identity {
    /// The length of [`Identity::to_bytes`].
    pub const BYTES: usize = 56;

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

    /// Itself as bytes, to be kept in a temporary file.
    pub fn to_bytes(&self) -> [u8; Identity::BYTES] {
        let modified = self.modified.map_or(NO_TIME, nanos_since_1970);
        let (inode, changed) = (self.inode, self.changed);
        let numbers = [inode.0, inode.1, self.len, changed.0 as u64, changed.1 as u64];
        let mut bytes = [0; Identity::BYTES];
        for (to, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            to.copy_from_slice(&number.to_le_bytes());
        }
        bytes[Identity::BYTES - 16..].copy_from_slice(&modified.to_le_bytes());
        bytes
    }

    /// The identity that these bytes are of.
    pub fn from_bytes(bytes: &[u8; Identity::BYTES]) -> Identity {
        let number =
            |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| bytes[at * 8 + byte]));
        let modified = (u128::from(number(6)) << 64 | u128::from(number(5))) as i128;
        Identity {
            inode: (number(0), number(1)),
            len: number(2),
            modified: (modified != NO_TIME).then(|| time_of(modified)).flatten(),
            changed: (number(3) as i64, number(4) as i64),
        }
    }

    /// Whether it is the same file, even if it was changed.
    pub fn is_same_file(&self, other: &Identity) -> bool {
        self.inode == other.inode
    }
}

/// May be before 1970.
fn nanos_since_1970(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    }
}

fn time_of(nanos: i128) -> Option<SystemTime> {
    let second = Duration::from_secs(1).as_nanos();
    let abs = nanos.unsigned_abs();
    let since = Duration::new((abs / second) as u64, (abs % second) as u32);
    if nanos < 0 { UNIX_EPOCH.checked_sub(since) } else { UNIX_EPOCH.checked_add(since) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_comes_back_from_its_bytes() {
        let time = |nanos: i128| time_of(nanos);
        for modified in [None, time(0), time(1_717_245_296_123_456_700), time(-1_500_000_000)] {
            let identity =
                Identity { inode: (u64::MAX, 3), len: 1 << 40, modified, changed: (-7, 9) };
            assert_eq!(Identity::from_bytes(&identity.to_bytes()), identity);
        }
    }
}
