//! Where a user wants bytes: in a file, which is replaced when the new one is whole; or in what is no plain file (a FIFO,
//! a device, another stream of the process), which stays and is written into.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Links that lead from one to the next: more are a circle (as for Linux).
const MAX_LINKS: usize = 40;

/// What the name of an output stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// `-`, or a name of it in /dev.
    Stdout,
    /// A plain file, or none yet, links followed.
    File(PathBuf),
    /// Anything else that can be written into.
    Stream(PathBuf),
}

impl Output {
    /// # Errors
    /// A folder has that name.
    pub fn named(path: &Path) -> io::Result<Output> {
        if path.as_os_str() == "-" || descriptor(path) == Some("1") {
            return Ok(Output::Stdout);
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => Err(io::Error::other("it is a folder")),
            // What is behind a descriptor may be a file, and is not ours to replace.
            Ok(meta) if !meta.is_file() || descriptor(path).is_some() => {
                Ok(Output::Stream(path.to_path_buf()))
            }
            _ => Ok(Output::File(followed(path))),
        }
    }
}

/// Opens what is no plain file, to write into it. A FIFO that nobody reads yet is waited for: `wait` is
/// called each time, and ends the waiting with false.
pub fn open_stream(path: &Path, mut wait: impl FnMut() -> bool) -> io::Result<File> {
    loop {
        match open(path) {
            Err(error) if has_no_reader(path, &error) && wait() => {}
            opened => return opened,
        }
    }
}

/// The number of the descriptor that a path names.
fn descriptor(path: &Path) -> Option<&str> {
    match path.to_str()? {
        "/dev/stdin" => Some("0"),
        "/dev/stdout" => Some("1"),
        "/dev/stderr" => Some("2"),
        path => path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/")),
    }
}

/// Where links lead, although nothing may be there.
fn followed(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    path
}

/// Adds to what is there: another process may write into it, too.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let flags = OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().append(true).custom_flags(flags).open(path)?;
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).open(path)
}

#[cfg(unix)]
fn has_no_reader(path: &Path, error: &io::Error) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_fifo = || fs::metadata(path).is_ok_and(|meta| meta.file_type().is_fifo());
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::NXIO) && is_fifo()
}

#[cfg(not(unix))]
fn has_no_reader(_: &Path, _: &io::Error) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
