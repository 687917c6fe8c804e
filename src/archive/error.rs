//! Errors of an archive: in a tar, its index or a member, or while locating a picture.

use std::io;
use std::path::PathBuf;

use crate::disk::{PathError, open};
use crate::format::Malformed;
use crate::format::tar::{EntryError, NameError};
use crate::row::row_format::ReadError;
use crate::row::{Field, WrongValue};
use crate::threads::panics::Panic;
use crate::value;
use crate::value::digest::Digest;

/// Why something in an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("cannot read index '{}': {cause}", path.display())]
    Index { path: PathBuf, cause: IndexError },
    /// The tar itself cannot be read as one; the message says what it is.
    #[error("cannot read '{}': {fault}", tar.display())]
    NotATar { tar: PathBuf, fault: String },
    /// The same, where the caller names the tar.
    #[error("{0}")]
    Fault(String),
    #[error("'{name}': {why}")]
    Lost { name: String, why: String },
    #[error("'{name}' is sparse, which an index cannot describe")]
    Holes { name: String },
    #[error("'{name}' in '{}': {fault}", tar.display())]
    Member { name: String, tar: PathBuf, fault: MemberFault },
    #[error("interrupted")]
    Interrupted,
    #[error(transparent)]
    Bug(#[from] Panic),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    NotFound(#[from] NotFound),
}

impl Error {
    /// Whether it is an error of this process, or of its rights, rather than of what it reads: it says nothing about any
    /// picture.
    pub fn is_of_process(&self) -> bool {
        match self {
            Error::Path(PathError { error, .. })
            | Error::Io(error)
            | Error::Index { cause: IndexError::Io(error), .. } => is_of_process(error),
            Error::Interrupted | Error::Bug(_) => true,
            _ => false,
        }
    }
}

/// Too many open files, no memory, or no permission.
fn is_of_process(error: &io::Error) -> bool {
    use io::ErrorKind::{OutOfMemory, PermissionDenied};
    matches!(error.kind(), OutOfMemory | PermissionDenied) || open::is_too_many(error)
}

/// An error in an index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Rows(#[from] ReadError),
    #[error(
        "it names no file, and the tar has files: remove it, and 'pack-tar --index' makes it anew"
    )]
    Empty,
    #[error("line {line}: {cause}")]
    Line { line: u64, cause: LineError },
}

/// An error in a line of an index.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("no '{}'", .0.flat())]
    Lacks(Field),
    #[error(transparent)]
    WrongValue(#[from] WrongValue),
    #[error(transparent)]
    Digest(#[from] value::Error),
}

/// An error in a member of a tar.
#[derive(Debug, thiserror::Error)]
pub enum MemberFault {
    #[error("its digest is not that of the index")]
    OtherDigest,
    #[error("it is not where the index says")]
    Elsewhere,
    #[error("its header is damaged: {0}")]
    Header(Malformed),
    #[error(transparent)]
    Entry(#[from] EntryError),
    #[error("its header is that of '{0}'")]
    OtherHeader(String),
    #[error("it is longer than any file")]
    TooLong,
    #[error("data other than zeros follows it")]
    NotEmptyBehind,
    #[error("the tar is incomplete after it")]
    CutBehind,
    #[error("the tar has more after it than its index")]
    MoreBehind,
    #[error(transparent)]
    Path(#[from] PathError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Why a part of a new tar cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("'{}' was changed while it was packed: run again", .0.display())]
    Changed(PathBuf),
    #[error("'{name}' in '{}' is damaged", tar.display())]
    Damaged { name: String, tar: PathBuf },
    #[error("'{}' has sha256 {found}, its row says {stated} (--force takes it as it is)", path.display())]
    OtherDigest { path: PathBuf, found: Digest, stated: Digest },
}

/// Where a picture was looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    #[error("cannot open '{path}': it is not there, nor in a tar with an index")]
    File { path: String },
    #[error("'{member}' in '{archive}' is damaged: verify-archive shows how")]
    Member { archive: String, member: String },
    #[error("cannot open '{archive}' for '{member}': the tar is not there")]
    Tar { archive: String, member: String },
    #[error("no value for path, nor for archive and member")]
    NoPlace,
}
