//! The standard streams as files: detects those that the caller has closed; writes stop when the run ends, even if the
//! reader is slow.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use crate::disk::output;
use crate::disk::pipe_completion::{self, Writer};

use super::Stop;
use super::counting_reader::{SLICE_NS, Way, is_ready};
use super::pipe_turn::PipeTurns;

/// A pipe that is ready for writing takes this much without blocking (PIPE_BUF on Linux; POSIX guarantees less).
const PIECE: usize = 4096;

/// Stdout or stderr, or another stream.
pub struct StdStream {
    file: File,
    /// Set for outputs that may be slow: a pipe, a terminal.
    stop: Option<Stop>,
}

/// Standard input as a file, so that a redirected file is recognized as one.
pub fn stdin() -> io::Result<File> {
    own(0, "standard input", io::stdin())
}

impl StdStream {
    pub fn stdout(stop: &Stop) -> io::Result<StdStream> {
        own(1, "standard output", io::stdout()).map(|file| StdStream::new(file, stop))
    }

    /// Standard error; `None` if the caller has closed it: then nobody reads the messages.
    ///
    /// # Errors
    ///
    /// If the process cannot open another file.
    pub fn stderr(stop: &Stop) -> io::Result<Option<StdStream>> {
        match own(2, "standard error", io::stderr()) {
            Ok(file) => Ok(Some(StdStream::new(file, stop))),
            Err(error) if error.raw_os_error().is_some() => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Opens a file that is not a regular one. Waits for the reader of a FIFO, after a message to `say`.
    pub fn open(path: &Path, stop: &Stop, say: impl FnOnce(&str)) -> io::Result<StdStream> {
        let mut say = Some(say);
        let file = output::open_stream(path, || {
            if let Some(say) = say.take() {
                say(&format!("waiting for a reader of '{}'", path.display()));
            }
            stop.sleep(Duration::from_millis(50))
        });
        file.map(|file| StdStream::new(file, stop))
    }

    /// `stop` ends a write that waits; a write to a regular file needs none.
    pub fn new(file: File, stop: &Stop) -> StdStream {
        let is_file = file.metadata().is_ok_and(|meta| meta.is_file());
        StdStream { file, stop: (!is_file).then(|| stop.clone()) }
    }

    /// Counts this process as a writer, if this is a pipe that supports it.
    pub fn writer(&self) -> Option<Writer> {
        self.file.try_clone().ok().and_then(Writer::new)
    }

    /// Whether this is a pipe of another user, in which this process is not counted.
    pub fn is_foreign(&self) -> bool {
        pipe_completion::is_foreign(&self.file)
    }

    /// The turns of all processes that write here, if this is a pipe.
    pub fn turns(&self) -> Option<PipeTurns> {
        PipeTurns::of(&self.file)
    }
}

impl Write for StdStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(stop) = &self.stop else { return self.file.write(bytes) };
        if let Some(written) = write_what_fits(&self.file, bytes) {
            return written;
        }
        let mut wait_ns = 0;
        while !is_ready(&self.file, Way::Out, wait_ns)? {
            if stop.is_set() {
                return Err(io::Error::other("interrupted"));
            }
            wait_ns = SLICE_NS;
        }
        self.file.write(&bytes[..bytes.len().min(PIECE)])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes as much as possible without blocking; `None` if that is nothing, or is not supported.
#[cfg(target_os = "linux")]
fn write_what_fits(file: &File, bytes: &[u8]) -> Option<io::Result<usize>> {
    use rustix::io::{Errno, ReadWriteFlags, pwritev2};
    // This offset means the current position of the file.
    match pwritev2(file, &[io::IoSlice::new(bytes)], u64::MAX, ReadWriteFlags::NOWAIT) {
        Ok(written) => Some(Ok(written)),
        Err(Errno::PIPE) => Some(Err(Errno::PIPE.into())),
        Err(_) => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn write_what_fits(_: &File, _: &[u8]) -> Option<io::Result<usize>> {
    None
}

/// Which of the three streams were closed when the program started, one bit each. The standard library opens /dev/null
/// for them before main, and rows would be lost there silently.
static CLOSED: AtomicU8 = AtomicU8::new(0);

#[cfg(unix)]
ctor::declarative::ctor! {
    // Runs before main, and so before the standard library checks the streams: only system calls are made here.
    #[ctor(unsafe)]
    fn look_which_are_closed() {
        use rustix::{io::fcntl_getfd, stdio};
        let open = [fcntl_getfd(stdio::stdin()), fcntl_getfd(stdio::stdout()), fcntl_getfd(stdio::stderr())];
        let closed = (0..3).filter(|&at: &usize| open[at].is_err()).fold(0, |bits, at| bits | 1 << at);
        CLOSED.store(closed, Ordering::Relaxed);
    }
}

#[cfg(unix)]
fn own(number: u8, name: &str, stream: impl std::os::fd::AsFd) -> io::Result<File> {
    match CLOSED.load(Ordering::Relaxed) >> number & 1 {
        0 => stream.as_fd().try_clone_to_owned().map(File::from),
        _ => Err(io::Error::other(format!("{name} is closed"))),
    }
}

#[cfg(windows)]
fn own(_: u8, _: &str, stream: impl std::os::windows::io::AsHandle) -> io::Result<File> {
    stream.as_handle().try_clone_to_owned().map(File::from)
}
