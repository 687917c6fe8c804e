//! Work on a thread that serves others and must not wait for the disk: it uses what the system has in memory, and is given
//! up, to be done again elsewhere, where that is not enough.

use std::cell::Cell;
use std::fs::File;
use std::io;

use super::positioned_io::{self, cached_at};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Allowed,
    Refused,
    /// It was refused, and something had to be waited for.
    Needed,
}

thread_local! {
    static WAITING: Cell<Waiting> = const { Cell::new(Waiting::Allowed) };
}

/// Does work that reads only through this module; none where it had to wait, whatever the work made of that.
pub fn refused<T>(work: impl FnOnce() -> T) -> Option<T> {
    WAITING.set(Waiting::Refused);
    // Also when the work panics: the thread goes on with others.
    let _guard = AllowedAgain;
    let done = work();
    (WAITING.get() == Waiting::Refused).then_some(done)
}

/// Asks to wait, or to compute for long.
///
/// # Errors
/// It is refused, so that the work has to be done again elsewhere.
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

/// Reads until the buffer is full or the file ends; how many bytes came.
///
/// # Errors
/// Of the file, or where waiting is refused.
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
