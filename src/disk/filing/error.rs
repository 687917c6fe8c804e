//! Errors of filing. The tool adds advice on how to fix them.

use std::io;
use std::path::PathBuf;

use super::How;
use crate::disk::PathError;

/// An error in files, folders or the journal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("cannot use '{}': another process is at work in it", .0.display())]
    Busy(PathBuf),
    #[error("cannot use '{}': another process has just begun in it", .0.display())]
    JustBegun(PathBuf),
    #[error("cannot use '{}': it is not there", .0.display())]
    NoList(PathBuf),
    #[error("cannot use '{}': line {line} is not from such a list", list.display())]
    BrokenList { list: PathBuf, line: usize },
    #[error("'{}': the name is not UTF-8: nothing was done", .0.display())]
    NotUtf8(PathBuf),
    #[error("'{}' cannot become '{to}': nothing was done", from.display())]
    NoName { from: PathBuf, to: String },
    #[error("'{}' is a symbolic link: nothing was done", .0.display())]
    Link(PathBuf),
    #[error(
        "'{}' and '{}' would both become '{}': nothing was done",
        one.display(),
        other.display(),
        to.display()
    )]
    SameName { one: PathBuf, other: PathBuf, to: PathBuf },
    #[error("'{}' is there already and lacks '{name}': nothing was done", folder.display())]
    FolderTaken { folder: PathBuf, name: String },
    #[error("cannot {how} '{}' to '{}': {error}", from.display(), to.display())]
    Transfer { how: How, from: PathBuf, to: PathBuf, error: io::Error },
    #[error("interrupted")]
    Interrupted,
    /// Part of the work is done; the journal has what is needed to resume.
    #[error("{cause}")]
    Unfinished { cause: Box<Error>, dir: PathBuf },
}

/// Why a file could not be moved back.
#[derive(Debug, thiserror::Error)]
pub enum NotTakenBack {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("'{}' is gone", .0.display())]
    Gone(PathBuf),
    #[error("'{}' is another file", .0.display())]
    OtherFile(PathBuf),
}
