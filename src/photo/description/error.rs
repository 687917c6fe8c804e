//! Why a photo could not be described, or its description could not be written.

use std::path::PathBuf;

use crate::disk::PathError;
use crate::format::description::Unread;
use crate::format::source;
use crate::row::WrongValue;
use crate::shape::RowError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A cell of the row.
    #[error(transparent)]
    Value(#[from] WrongValue),
    /// A cell of the row's description.
    #[error(transparent)]
    Member(#[from] Unread),
    /// The photo cannot be read; the message names it.
    #[error("{0}")]
    Photo(RowError),
    #[error("no path: the row names no picture")]
    NoPath,
    #[error("the picture is in a tar: unpack-tar gives it back as a file")]
    InTar,
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("cannot write '{path}': {error}")]
    Edit { path: PathBuf, error: source::Unread },
    #[error("cannot write '{0}': the service takes JPEG files only")]
    NotJpeg(PathBuf),
}
