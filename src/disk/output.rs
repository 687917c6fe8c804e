//! An output named by the user: a plain file, replaced once the new one is complete, or anything else (a FIFO,
//! a device, another stream of the process), which is written to directly.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The maximum length of a chain of links: a longer one is considered a cycle, as in Linux.
const MAX_LINKS: usize = 40;

/// What an output name refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Standard output: `-`, or a name of it in /dev.
    Stdout,
    /// A plain file, existing or not, links followed.
    File(PathBuf),
    /// Anything else that can be written to.
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
            // A descriptor may refer to a file, which must not be replaced.
            Ok(meta) if !meta.is_file() || descriptor(path).is_some() => {
                Ok(Output::Stream(path.to_path_buf()))
            }
            _ => Ok(Output::File(followed(path))),
        }
    }
}

/// Opens something other than a plain file for writing. Waits for a FIFO that has no reader yet; `wait` is
/// called each time, and ends the waiting by returning false.
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

/// The target of links, even if it does not exist.
fn followed(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    path
}

/// Opens for appending, because another process may write into it too.
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
