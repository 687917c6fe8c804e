//! Opens a path without blocking, and rejects anything but a plain file where one is expected: a FIFO with the
//! name of a picture would block a tool until somebody writes into it, and a device has no end.

mod interruptible_stream;

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

#[cfg(unix)]
use rustix::fs::OFlags;

pub use interruptible_stream::{NamedStream, end_waits_by};

/// Opens a plain file for reading.
///
/// # Errors
/// It cannot be opened, or is not a plain file: then the error says what it is.
pub fn file(path: impl AsRef<Path>) -> io::Result<File> {
    plain(without_waiting(OpenOptions::new().read(true), path.as_ref())?)
}

/// Like [`file()`], but a link is refused: it may lead out of the folder where it was found. Links to the folders
/// before it are followed.
pub fn file_not_link(path: impl AsRef<Path>) -> io::Result<File> {
    let path = path.as_ref();
    let refused = |error| if path.is_symlink() { link_refused() } else { error };
    plain(not_following(path).map_err(refused)?)
}

/// Reads all bytes of a plain file.
pub fn read(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let mut file = file(path)?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.metadata()?.len()).unwrap_or(0));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a plain file as text.
pub fn text(path: impl AsRef<Path>) -> io::Result<String> {
    io::read_to_string(file(path)?).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => io::Error::new(error.kind(), "it is not text in UTF-8"),
        _ => error,
    })
}

/// Opens a plain file for appending, creating it if it does not exist.
pub fn append(path: impl AsRef<Path>) -> io::Result<File> {
    plain(without_waiting(OpenOptions::new().append(true).create(true), path.as_ref())?)
}

/// Opens a plain file for reading and writing, creating it if it does not exist. It is not truncated, because
/// it may belong to another process.
pub fn writable(path: impl AsRef<Path>) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true).write(true).create(true).truncate(false);
    plain(without_waiting(&mut how, path.as_ref())?)
}

/// Opens a folder, to lock it or to wait until its names are on disk.
pub fn folder(path: impl AsRef<Path>) -> io::Result<File> {
    File::open(path)
}

/// Opens an input named by the user, to be read once from its start. A pipe (`<(...)`) works too. Waits for a
/// FIFO that has no writer yet, because a read would find it empty.
pub fn stream(path: impl AsRef<Path>) -> io::Result<File> {
    Ok(named(path)?.file)
}

/// Like [`stream`]; its reads end when the process is asked to stop, even if the writer is silent.
pub fn named(path: impl AsRef<Path>) -> io::Result<NamedStream> {
    let stream = NamedStream::new(stream_at_once(path)?)?;
    stream.wait_for_writer()?;
    Ok(stream)
}

/// Like [`stream`], without waiting: the reader has to check whether there is a writer.
pub fn stream_at_once(path: impl AsRef<Path>) -> io::Result<File> {
    let file = without_waiting(OpenOptions::new().read(true), path.as_ref())?;
    if file.metadata()?.is_dir() { Err(io::Error::other("it is a folder")) } else { waiting(file) }
}

/// Checks that the path is a plain file or does not exist, so that a finished file may replace it.
pub fn is_replaceable(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(meta) if meta.is_file() || meta.is_symlink() => Ok(()),
        Ok(meta) => Err(no_file(meta.file_type())),
        // The writer will report the error.
        Err(_) => Ok(()),
    }
}

/// Whether the path leads to a plain file.
pub fn is_plain(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file())
}

/// Whether this process, or the system, has too many open files.
#[cfg(unix)]
pub fn is_too_many(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let code = error.raw_os_error();
    [Errno::MFILE, Errno::NFILE].iter().any(|errno| code == Some(errno.raw_os_error()))
}

#[cfg(not(unix))]
pub fn is_too_many(_: &io::Error) -> bool {
    false
}

/// The message about something that exists and is not a plain file.
pub fn why_not(meta: &Metadata) -> Option<String> {
    (!meta.is_file()).then(|| no_file(meta.file_type()).to_string())
}

fn plain(file: File) -> io::Result<File> {
    let meta = file.metadata()?;
    if meta.is_file() { Ok(file) } else { Err(no_file(meta.file_type())) }
}

fn link_refused() -> io::Error {
    io::Error::other("it has become a link, which is not followed")
}

fn no_file(kind: FileType) -> io::Error {
    io::Error::other(format!("it is {}, and no plain file", name(kind)))
}

#[cfg(unix)]
fn name(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a FIFO",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

#[cfg(not(unix))]
fn name(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a device" }
}

/// Opens with O_NONBLOCK, which plain files ignore.
#[cfg(unix)]
fn without_waiting(how: &mut OpenOptions, path: &Path) -> io::Result<File> {
    with_flags(how, OFlags::empty(), path)
}

#[cfg(unix)]
fn not_following(path: &Path) -> io::Result<File> {
    with_flags(OpenOptions::new().read(true), OFlags::NOFOLLOW, path)
}

#[cfg(unix)]
fn with_flags(how: &mut OpenOptions, flags: OFlags, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    match how.custom_flags((flags | OFlags::NONBLOCK).bits() as i32).open(path) {
        // Another process has a lease on the file, and the system gives it time to release it.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock && is_plain(path) => {
            how.custom_flags(flags.bits() as i32).open(path)
        }
        opened => opened,
    }
}

#[cfg(not(unix))]
fn without_waiting(how: &mut OpenOptions, path: &Path) -> io::Result<File> {
    how.open(path)
}

/// Somebody who replaces the file between the two calls can have a link followed.
#[cfg(not(unix))]
fn not_following(path: &Path) -> io::Result<File> {
    if path.is_symlink() { Err(link_refused()) } else { File::open(path) }
}

/// Makes reads block again after a non-blocking open.
#[cfg(unix)]
fn waiting(file: File) -> io::Result<File> {
    use rustix::fs::{fcntl_getfl, fcntl_setfl};
    if !file.metadata()?.is_file() {
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn waiting(file: File) -> io::Result<File> {
    Ok(file)
}

/// A FIFO, for tests.
#[cfg(test)]
#[cfg(unix)]
pub fn make_fifo(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
