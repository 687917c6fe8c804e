//! Disk work on a thread that serves other requests and must not block: it uses only what the system has in
//! memory. If that is not enough, the work is abandoned, to be repeated on another thread.

use std::cell::Cell;
use std::fs::File;
use std::io;

use super::positioned_io::{self, cached_at};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Allowed,
    Refused,
    /// Waiting was refused, and the work needed it.
    Needed,
}

thread_local! {
    static WAITING: Cell<Waiting> = const { Cell::new(Waiting::Allowed) };
}

/// Runs work that reads only through this module; `None` if it needed to wait, whatever it returned.
pub fn refused<T>(work: impl FnOnce() -> T) -> Option<T> {
    WAITING.set(Waiting::Refused);
    // Dropped even if the work panics, because the thread continues with other work.
    let _guard = AllowedAgain;
    let done = work();
    (WAITING.get() == Waiting::Refused).then_some(done)
}

/// Called before waiting, or before computing for a long time.
///
/// # Errors
/// Waiting is refused, and the work has to be repeated elsewhere.
pub fn ask() -> io::Result<()> {
    if WAITING.get() == Waiting::Allowed {
        return Ok(());
    }
    WAITING.set(Waiting::Needed);
    Err(io::ErrorKind::WouldBlock.into())
}

/// Whether the thread may wait.
pub fn is_allowed() -> bool {
    WAITING.get() == Waiting::Allowed
}

/// Reads until the buffer is full or the file ends; returns the number of bytes read.
///
/// # Errors
/// Read errors, or that waiting is refused.
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    if !is_allowed() && cached_at(file, buffer, at) == buffer.len() {
        return Ok(buffer.len());
    }
    ask()?;
    positioned_io::read_at(file, buffer, at)
}

struct AllowedAgain;

impl Drop for AllowedAgain {
    fn drop(&mut self) {
        WAITING.set(Waiting::Allowed);
    }
}

#[cfg(test)]
mod tests;
