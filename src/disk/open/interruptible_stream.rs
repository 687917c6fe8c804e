//! An input named by the user. Its reads end when the process is asked to stop, even if the writer is silent, and fail if
//! the writer of a pipe (`<(...)`) did not finish.

use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::disk::pipe_completion::{self, CUT, Completion, LACKING};

/// An open input named by the user.
pub struct NamedStream {
    pub(super) file: File,
    waits: bool,
}

/// Set when the process is asked to stop.
static ENDS: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Makes this flag end waiting reads. From now on, nothing else could end the process in an orderly way while
/// it waits.
pub fn end_waits_by(stop: Arc<AtomicBool>) {
    // Set once, by the signal handler.
    let _ = ENDS.set(stop);
}

impl Read for &NamedStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.wait_for_writer()?;
        match (&self.file).read(buffer)? {
            0 if self.waits && !buffer.is_empty() => self.end(),
            read => Ok(read),
        }
    }
}

impl Read for NamedStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self).read(buffer)
    }

    /// The length of a plain file is known, so the buffer does not grow and is not zeroed.
    fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        if self.waits { (&*self).read_to_end(buffer) } else { self.file.read_to_end(buffer) }
    }
}

impl NamedStream {
    /// Wraps a file that [`stream`](super::stream) has opened.
    pub fn new(file: File) -> io::Result<NamedStream> {
        let waits = !file.metadata()?.is_file();
        Ok(NamedStream { file, waits })
    }

    fn end(&self) -> io::Result<usize> {
        match pipe_completion::of_input(&self.file, false) {
            Completion::Cut => Err(io::Error::other(CUT)),
            Completion::RowsMissing => Err(io::Error::other(LACKING)),
            Completion::Complete | Completion::Unproven => Ok(0),
        }
    }

    #[cfg(unix)]
    pub(super) fn wait_for_writer(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let slice = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
        if !self.waits {
            return Ok(());
        }
        loop {
            match poll(&mut [PollFd::new(&self.file, PollFlags::IN)], Some(&slice)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                done => return Ok(done.map(drop)?),
            }
            if ENDS.get().is_some_and(|ends| ends.load(Ordering::Relaxed)) {
                return Err(io::Error::other("interrupted"));
            }
        }
    }

    #[cfg(not(unix))]
    pub(super) fn wait_for_writer(&self) -> io::Result<()> {
        Ok(())
    }
}
