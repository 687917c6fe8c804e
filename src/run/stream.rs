//! The bytes of an input as they are read: counted for the progress bar, and
//! let go of when the run ends, although the one who writes them is silent.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Stop;

/// An open input.
pub struct Stream {
    file: File,
    /// Bytes read so far.
    read: Arc<AtomicU64>,
    /// Set for what may be silent: a pipe, a terminal.
    stop: Option<Stop>,
}

impl Stream {
    /// `stop` ends a read that waits; a file of a disk needs none.
    pub fn new(file: File, read: Arc<AtomicU64>, stop: Option<Stop>) -> Stream {
        Stream { file, read, stop }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(stop) = &self.stop {
            if stop.is_set() {
                return Err(io::Error::other("interrupted"));
            }
            if is_ready(&self.file)? {
                break;
            }
        }
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Whether a read would give something or the end; waits a while for it.
#[cfg(unix)]
fn is_ready(file: &File) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let slice = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    match poll(&mut [PollFd::new(file, PollFlags::IN)], Some(&slice)) {
        Ok(ready) => Ok(ready > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Elsewhere the read waits by itself.
#[cfg(not(unix))]
fn is_ready(_: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_silent_writer_does_not_hold_up_the_end_of_the_run() {
        use super::*;
        let (reader, _writer) = io::pipe().unwrap();
        let file = File::from(std::os::fd::OwnedFd::from(reader));
        let stop = Stop::default();
        let mut stream = Stream::new(file, Arc::default(), Some(stop.clone()));
        let reading = std::thread::spawn(move || stream.read(&mut [0; 8]).is_err());
        stop.set();
        assert!(reading.join().unwrap());
    }
}
