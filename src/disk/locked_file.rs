//! A file that is to be changed or taken away: locked, known by what it is, and looked at again in
//! the moment in which its name goes to another file or to none. What others changed meanwhile stays.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::disk::open;
use crate::value::digest::Digest;

pub(super) use super::conflict::changed_twice;
pub use super::conflict::{changed, is_change};

use super::file_lease::{self, Lease};
use super::lock::{self, Lock};
use super::positioned_io::{CHUNK, Part, each_part};
use super::rename;

/// How long another run may hold a file: it holds it while it writes, and that takes no longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How coarse the times of files are: a file changed just now may change again without a new time.
/// Kernels count in steps of 1 to 10 ms (Linux since 6.13 more finely).
const TICK: Duration = Duration::from_millis(10);

/// What tells a file from another one, and from itself after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The disk and the number of the file on it, where the system tells them.
    inode: (u64, u64),
    len: u64,
    modified: Option<SystemTime>,
    /// When anything of it changed last: also its permissions, its names.
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

    /// Whether it is the same file with the same bytes, whatever became of its permissions and
    /// other names.
    pub fn has_same_bytes(&self, other: &Identity) -> bool {
        self.is_same_file(other) && (self.len, self.modified) == (other.len, other.modified)
    }

    /// Whether it is the same file, were it changed.
    pub fn is_same_file(&self, other: &Identity) -> bool {
        self.inode == other.inode
    }
}

/// See the module's text. The lock is held as long as this.
#[derive(Debug)]
pub struct LockedFile {
    /// As it was named, and with links followed.
    named: PathBuf,
    path: PathBuf,
    file: File,
    identity: Identity,
}

impl LockedFile {
    /// Opens a file, waits for its lock, and makes sure that the path still names it: who had the
    /// lock before may have put a new file there. Symbolic links are followed.
    ///
    /// # Errors
    /// It cannot be opened, is no regular file, or another process does not let go of it.
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

    /// Where it lies, links followed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The handle: all that is read of the file is read through it.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The bytes that it had when it was opened, as a file of its own.
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

    /// Whether the file has other names (hard links), which keep the old bytes when this one gets
    /// new ones.
    pub fn has_other_names(&self) -> bool {
        self.file.metadata().is_ok_and(|meta| names_of(&meta) > 1)
    }

    /// # Errors
    /// The file has changed since it was opened, its path names another one, or somebody is writing it.
    pub fn check(&self) -> io::Result<()> {
        self.check_and_lease().map(drop)
    }

    /// The same; and nobody opens it for writing unseen as long as the lease is held.
    pub(super) fn check_and_lease(&self) -> io::Result<Option<Lease<'_>>> {
        let lease = file_lease::take(&self.file)?;
        let is_same = Identity::new(&self.file.metadata()?) == self.identity;
        if is_same && self.is_named() { Ok(lease) } else { Err(changed()) }
    }

    /// Whether what has lost its name may go: it is this file, unchanged, and nobody came to write it.
    pub(super) fn may_go(&self, aside: &Path, lease: Option<&Lease>) -> bool {
        let there = fs::symlink_metadata(aside);
        there.is_ok_and(|there| Identity::new(&there).has_same_bytes(&self.identity))
            && !lease.is_some_and(Lease::is_wanted)
    }

    /// A name more for this file is no change of it.
    pub(super) fn take_note_of_link(&mut self) -> io::Result<()> {
        let now = Identity::new(&self.file.metadata()?);
        if !now.has_same_bytes(&self.identity) {
            return Err(changed());
        }
        self.identity = now;
        Ok(())
    }

    /// Takes the file away. Its name goes first, so that what somebody put there in the last moment
    /// can be told, and gets its name back. Of a file that was named by a symbolic link, the link goes.
    ///
    /// # Errors
    /// It was changed, and stays; or it cannot be removed.
    pub fn remove(self) -> io::Result<()> {
        let lease = self.check_and_lease()?;
        if fs::symlink_metadata(&self.named)?.is_symlink() {
            return fs::remove_file(&self.named);
        }
        let aside = aside_name(&self.path)?;
        match rename::to_free_name(&self.path, &aside) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(left(&aside)),
            // A disk that is too full for another name.
            Err(_) => return fs::remove_file(&self.path),
        }
        if self.may_go(&aside, lease.as_ref()) {
            return fs::remove_file(&aside);
        }
        rename::to_free_name(&aside, &self.path).map_err(|_| changed_twice(&aside))?;
        Err(changed())
    }

    fn is_named(&self) -> bool {
        let named = fs::symlink_metadata(&self.path);
        named.is_ok_and(|named| Identity::new(&named).is_same_file(&self.identity))
    }
}

/// Gives a file its name back that a kill left aside while it was being removed: whoever removes it
/// has to prove anew that it may go. False when there is none, or another thread or process is
/// removing it just now.
///
/// # Errors
/// It is there and cannot get its name.
pub fn give_back(path: &Path) -> io::Result<bool> {
    match aside_name(path).ok().filter(|aside| aside.is_file()) {
        Some(aside) if fs::symlink_metadata(path).is_err() => {
            let Ok(file) = open::file(&aside) else { return Ok(false) };
            if lock::try_lock(&file) == Lock::Busy || !is_at(&file, &aside) {
                return Ok(false);
            }
            rename::to_free_name(&aside, path).map(|()| true)
        }
        _ => Ok(false),
    }
}

fn left(aside: &Path) -> io::Error {
    let words = "is there, which a crash has left: look at it and remove it";
    io::Error::other(format!("'{}' {words}", aside.display()))
}

fn is_at(file: &File, path: &Path) -> bool {
    let (open, named) = (file.metadata(), fs::symlink_metadata(path));
    open.ok()
        .zip(named.ok())
        .is_some_and(|(open, named)| Identity::new(&open).is_same_file(&Identity::new(&named)))
}

fn aside_name(path: &Path) -> io::Result<PathBuf> {
    super::temporary_names::name(path, ".removed")
}

/// The path with links followed, were the file itself not there.
pub fn real(path: &Path) -> PathBuf {
    let real = fs::canonicalize(path).or_else(|_| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
        Ok::<_, io::Error>(folder.join(path.file_name().unwrap_or_default()))
    });
    real.unwrap_or_else(|_| path.to_path_buf())
}

/// Whether another process has a file, opened here for reading, open for writing; where the system tells.
pub fn is_being_written(file: &File) -> bool {
    file_lease::take(file).is_err()
}

/// What the file at a path is.
pub fn identity_of(path: &Path) -> io::Result<Identity> {
    settled(|| fs::metadata(path))
}

/// What a file is, once its time tells it from what it is after the next change.
fn settled(metadata: impl Fn() -> io::Result<Metadata>) -> io::Result<Identity> {
    let meta = metadata()?;
    let age = meta.modified().ok().and_then(|time| time.elapsed().ok());
    if age.is_some_and(|age| age < TICK) {
        thread::sleep(TICK);
        return Ok(Identity::new(&metadata()?));
    }
    Ok(Identity::new(&meta))
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
