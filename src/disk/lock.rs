//! Advisory locks on open files, which end with the process. They keep runs of these tools, and
//! threads of one run, from changing one file at once; other programs do not see them.

use std::fs::{File, TryLockError};
use std::sync::atomic::{AtomicBool, Ordering};

/// Told once a run, where a file system refuses locks.
pub const NO_LOCKS: &str = "this file system has no locks: two runs that change the same files at once do not \
    see each other here";

/// Whether a lock was refused so far: the run goes on, and whoever speaks to the user says so.
static WERE_REFUSED: AtomicBool = AtomicBool::new(false);

/// Whether this process has met a file system without locks.
pub fn were_refused() -> bool {
    WERE_REFUSED.load(Ordering::Relaxed)
}

/// What came of asking for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Taken,
    /// Somebody else has it.
    Busy,
    /// The file system has none (ENOLCK, ENOTSUP and the like): to go on without is better than not at all.
    Unsupported,
}

/// Asks for the lock on a file and does not wait. It ends when the last handle of this opening is closed.
pub fn try_lock(file: &File) -> Lock {
    match file.try_lock() {
        Ok(()) => Lock::Taken,
        Err(TryLockError::WouldBlock) => Lock::Busy,
        Err(TryLockError::Error(_)) => {
            WERE_REFUSED.store(true, Ordering::Relaxed);
            Lock::Unsupported
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_of_one_opening_and_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let open = || File::options().write(true).create(true).truncate(false).open(&path).unwrap();
        let (first, second) = (open(), open());
        assert_eq!((try_lock(&first), try_lock(&second)), (Lock::Taken, Lock::Busy));
        drop(first);
        assert_eq!(try_lock(&second), Lock::Taken);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_refuses_locks_is_no_error() {
        use std::os::unix::fs::OpenOptionsExt;
        // A handle that only names a file takes no lock, as a file system without locks does.
        let flag = rustix::fs::OFlags::PATH.bits() as i32;
        let file = File::options().read(true).custom_flags(flag).open("/").unwrap();
        assert_eq!(try_lock(&file), Lock::Unsupported);
        assert!(were_refused());
    }
}
