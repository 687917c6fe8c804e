//! The bytes of an input as they are read: counted for the progress bar, let go
//! of when the run ends although the one who writes them is silent, and an error
//! where the writer ended early.

use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::Stop;
use super::pipe_completion::{self, CUT, Completion, Told};

/// What is done before a read has to wait: what is finished goes out then.
pub type Pause = Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>;

/// An open input.
pub struct Stream {
    file: File,
    /// Bytes read so far.
    read: Arc<AtomicU64>,
    /// Set for what may be silent: a pipe, a terminal.
    stop: Option<Stop>,
    pause: Pause,
    /// Set at the end.
    told: Told,
}

impl Stream {
    /// `stop` ends a read that waits; a file of a disk needs none.
    pub fn new(file: File, read: Arc<AtomicU64>, stop: Option<Stop>, pause: Pause) -> Stream {
        Stream { file, read, stop, pause, told: Told::default() }
    }

    /// What the writers tell, once all is read.
    pub fn told(&self) -> Told {
        Arc::clone(&self.told)
    }

    /// Nothing came although something was wanted: the end, unless the writer has not told so.
    fn end(&self) -> io::Result<usize> {
        let is_empty = self.read.load(Ordering::Relaxed) == 0;
        match pipe_completion::of_input(&self.file, is_empty) {
            Completion::Cut => Err(io::Error::other(CUT)),
            told => {
                // It may be read on at its end.
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

/// How long a wait takes no notice of the stop.
pub(super) const SLICE_NS: i64 = 50_000_000;

/// What is to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

/// Whether a read would give something or the end, or a write would not have to wait; waits so long for it.
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

/// Elsewhere the read waits by itself.
#[cfg(not(unix))]
pub(super) fn is_ready(_: &File, _: Way, _: i64) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests;
