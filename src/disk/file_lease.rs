//! Checks whether any process has a file open for writing, and notices later opens, through Linux leases
//! (fcntl(2)). This needs ownership of the file, or root. On other systems the answer is unknown.

use std::fs::File;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait for a writer. A process that was just started holds its parent's open files until it
/// executes its own program, so a file that its writer has closed may still look as if it were being written.
const PATIENCE: Duration = Duration::from_millis(200);
/// The time between two checks.
const STEP: Duration = Duration::from_millis(5);

/// A file that no other process has open for writing. A process that opens it for writing waits until this is
/// dropped.
#[derive(Debug)]
pub struct Lease<'a>(&'a File);

/// Takes a lease on a file that was opened for reading; `None` where the system has no leases for it.
///
/// # Errors
/// Another process has it open for writing.
pub fn take(file: &File) -> io::Result<Option<Lease<'_>>> {
    take_within(file, PATIENCE)
}

fn take_within(file: &File, patience: Duration) -> io::Result<Option<Lease<'_>>> {
    let until = Instant::now() + patience;
    loop {
        match system::lease(file) {
            Ok(()) => return Ok(Some(Lease(file))),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Ok(None),
            Err(_) if Instant::now() < until => thread::sleep(STEP),
            Err(_) => {
                return Err(io::Error::other("another process has it open for writing: run again"));
            }
        }
    }
}

impl Lease<'_> {
    /// Whether another process waits to open the file for writing.
    pub fn is_wanted(&self) -> bool {
        system::is_breaking(self.0)
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        system::release(self.0);
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::ffi::c_int;
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;

    /// Selects the signal that reports a request to break the lease (fcntl(2)); libc lacks the constant on some
    /// systems.
    const F_SETSIG: c_int = 10;

    pub fn lease(file: &File) -> io::Result<()> {
        // The signal must be one that is ignored by default: the usual one for leases ends the process.
        call(file, F_SETSIG, libc::SIGURG)?;
        call(file, libc::F_SETLEASE, libc::F_RDLCK as c_int).map(|_| ())
    }

    pub fn is_breaking(file: &File) -> bool {
        // During a lease break this returns the target type of the lease.
        !call(file, libc::F_GETLEASE, 0).is_ok_and(|kind| kind == libc::F_RDLCK as c_int)
    }

    pub fn release(file: &File) {
        let _ = call(file, libc::F_SETLEASE, libc::F_UNLCK as c_int);
    }

    fn call(file: &File, command: c_int, argument: c_int) -> io::Result<c_int> {
        // SAFETY: the descriptor is open as long as the file is borrowed, and these commands take a number and
        // do not access memory of this process.
        match unsafe { libc::fcntl(file.as_raw_fd(), command, argument) } {
            -1 => Err(io::Error::last_os_error()),
            value => Ok(value),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::io;

    pub fn lease(_: &File) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn is_breaking(_: &File) -> bool {
        false
    }

    pub fn release(_: &File) {}
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
