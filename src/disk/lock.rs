//! Advisory locks on open files, which end with the process. They keep runs of these tools, and threads of one
//! run, from changing a file at the same time; other programs do not notice them.

use std::fs::{File, TryLockError};
use std::sync::atomic::{AtomicBool, Ordering};

/// Reported once per run, if a file system does not support locks.
pub const NO_LOCKS: &str = "this file system has no locks: two runs that change the same files at once do not \
    see each other here";

/// Whether a lock was refused so far. The run continues, and the code that reports to the user mentions it.
static WERE_REFUSED: AtomicBool = AtomicBool::new(false);

/// Whether this process has met a file system without locks.
pub fn were_refused() -> bool {
    WERE_REFUSED.load(Ordering::Relaxed)
}

/// The result of a lock request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    Taken,
    /// Another process or thread has it.
    Busy,
    /// The file system has no locks (ENOLCK, ENOTSUP and similar): continuing without one is better than
    /// failing.
    Unsupported,
}

/// Tries to lock a file without waiting. The lock ends when the last duplicate of this file handle is closed.
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
mod tests;
