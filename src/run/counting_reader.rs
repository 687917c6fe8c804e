//! An input reader that counts bytes for the progress bar, stops when the run ends even if the writer is silent, and
//! fails if the writer ended early.

use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::Stop;
use crate::disk::pipe_completion::{self, CUT, Completion, Told};

/// Called before a read has to wait, to write what is finished.
pub type Pause = Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>;

/// An open input.
pub struct Stream {
    file: File,
    /// Bytes read so far.
    read: Arc<AtomicU64>,
    /// Set for inputs that may be silent: a pipe, a terminal.
    stop: Option<Stop>,
    pause: Pause,
    /// Set at the end of the input.
    told: Told,
}

impl Stream {
    /// `stop` ends a read that waits; a regular file needs none.
    pub fn new(file: File, read: Arc<AtomicU64>, stop: Option<Stop>, pause: Pause) -> Stream {
        Stream { file, read, stop, pause, told: Told::default() }
    }

    /// The completion that the writers report, once everything is read.
    pub fn told(&self) -> Told {
        Arc::clone(&self.told)
    }

    /// A read returned no bytes: the end of the input, or an error if a writer has not reported that it finished.
    fn end(&self) -> io::Result<usize> {
        let is_empty = self.read.load(Ordering::Relaxed) == 0;
        match pipe_completion::of_input(&self.file, is_empty) {
            Completion::Cut => Err(io::Error::other(CUT)),
            told => {
                // It may be read again at its end.
                let _ = self.told.set(told);
                Ok(0)
            }
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(stop) = &self.stop
            && !is_ready(&self.file, Way::In, 0)?
        {
            self.pause.get().iter().for_each(|pause| pause());
            while !is_ready(&self.file, Way::In, SLICE_NS)? {
                if stop.is_set() {
                    return Err(io::Error::other("interrupted"));
                }
            }
        }
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        match read {
            0 if !buffer.is_empty() && self.stop.is_some() => self.end(),
            read => Ok(read),
        }
    }
}

/// How long a wait ignores the stop, in nanoseconds.
pub(super) const SLICE_NS: i64 = 50_000_000;

/// The direction in which a file is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

/// Whether a read would return data or the end, or a write would not block; waits up to `wait_ns` for it.
#[cfg(unix)]
pub(super) fn is_ready(file: &File, way: Way, wait_ns: i64) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let slice = Timespec { tv_sec: 0, tv_nsec: wait_ns };
    let wanted = if way == Way::In { PollFlags::IN } else { PollFlags::OUT };
    match poll(&mut [PollFd::new(file, wanted)], Some(&slice)) {
        Ok(ready) => Ok(ready > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// On other systems the read itself waits.
#[cfg(not(unix))]
pub(super) fn is_ready(_: &File, _: Way, _: i64) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests;
