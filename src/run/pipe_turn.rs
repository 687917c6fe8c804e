//! Tools that write into the same pipe (`xargs -P`) take turns, so that no line of one is torn by a line of another: the
//! system keeps only 4,096 bytes of a write together.
//!
//! The pipe itself is locked (`flock`), by its name in /proc: a lock through the inherited handle would be shared by all
//! processes that have inherited it. A process that is killed loses its lock.

use std::fs::File;
use std::io;
use std::time::Duration;

use crate::disk::lock::{self, Lock};

use super::Stop;

/// How long to wait for the turn of another process at first, and at most: the reader may be slow.
const PAUSES: [Duration; 2] = [Duration::from_micros(100), Duration::from_millis(20)];

/// A second handle of a pipe, only for its lock.
pub struct PipeTurns(File);

/// Held while the lines of one write are written.
pub struct Turn<'a>(&'a File);

impl PipeTurns {
    /// `None` if the output is no pipe, or cannot be opened a second time: then nobody takes turns.
    #[cfg(target_os = "linux")]
    pub fn of(output: &File) -> Option<PipeTurns> {
        use std::os::fd::AsRawFd;
        use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
        if !output.metadata().is_ok_and(|meta| meta.file_type().is_fifo()) {
            return None;
        }
        // A pipe that its reader has closed would wait for another one.
        let nonblocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let name = format!("/proc/self/fd/{}", output.as_raw_fd());
        File::options().write(true).custom_flags(nonblocking).open(name).ok().map(PipeTurns)
    }

    #[cfg(not(target_os = "linux"))]
    pub fn of(_: &File) -> Option<PipeTurns> {
        None
    }

    /// Waits for the other writers.
    ///
    /// # Errors
    /// The run was interrupted meanwhile.
    pub fn wait(&self, stop: &Stop) -> io::Result<Turn<'_>> {
        let [mut pause, longest] = PAUSES;
        while lock::try_lock(&self.0) == Lock::Busy {
            if !stop.sleep(pause) {
                return Err(io::Error::other("interrupted"));
            }
            pause = (pause * 2).min(longest);
        }
        Ok(Turn(&self.0))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}
