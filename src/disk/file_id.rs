//! Identifies a file independently of its name. Where the system allows, no file is opened for this, so that
//! unreadable files and an exhausted file descriptor limit do not matter.

use std::fs::{self, File};
use std::path::Path;

/// The identity of a plain file, independent of its names.
#[derive(Debug, PartialEq, Eq)]
pub struct FileId(Id);

/// The device and inode numbers.
#[cfg(unix)]
type Id = (u64, u64);

#[cfg(not(unix))]
type Id = same_file::Handle;

#[cfg(unix)]
impl FileId {
    /// `None` for a pipe, a device or a folder.
    pub fn of(file: &File) -> Option<FileId> {
        FileId::new(&file.metadata().ok()?)
    }

    /// The file at the path, with links followed.
    pub fn at(path: &Path) -> Option<FileId> {
        FileId::new(&fs::metadata(path).ok()?)
    }

    fn new(meta: &fs::Metadata) -> Option<FileId> {
        use std::os::unix::fs::MetadataExt;
        meta.is_file().then(|| FileId((meta.dev(), meta.ino())))
    }

    /// The file that standard input reads from.
    pub fn of_stdin() -> Option<FileId> {
        FileId::of_stream(&std::io::stdin())
    }

    /// The file that standard output writes to.
    pub fn of_stdout() -> Option<FileId> {
        FileId::of_stream(&std::io::stdout())
    }

    // The numbers have different types on other systems.
    #[allow(clippy::unnecessary_cast)]
    fn of_stream(stream: &impl std::os::fd::AsFd) -> Option<FileId> {
        use rustix::fs::{FileType, fstat};
        let stat = fstat(stream).ok()?;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        is_file.then_some(FileId((stat.st_dev as u64, stat.st_ino as u64)))
    }
}

#[cfg(not(unix))]
impl FileId {
    /// `None` for a pipe, a device or a folder.
    pub fn of(file: &File) -> Option<FileId> {
        FileId::new(same_file::Handle::from_file(file.try_clone().ok()?))
    }

    /// The file at the path, with links followed.
    pub fn at(path: &Path) -> Option<FileId> {
        fs::metadata(path).ok().filter(|meta| meta.is_file())?;
        FileId::new(same_file::Handle::from_path(path))
    }

    fn new(handle: std::io::Result<same_file::Handle>) -> Option<FileId> {
        let is_file = |handle: &Id| handle.as_file().metadata().is_ok_and(|meta| meta.is_file());
        handle.ok().filter(is_file).map(FileId)
    }

    /// The file that standard input reads from.
    pub fn of_stdin() -> Option<FileId> {
        FileId::new(same_file::Handle::stdin())
    }

    /// The file that standard output writes to.
    pub fn of_stdout() -> Option<FileId> {
        FileId::new(same_file::Handle::stdout())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
