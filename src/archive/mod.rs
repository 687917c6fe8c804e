//! An archive on disk: loose pictures, tars with their indexes, and where each picture is.

// Errors of an archive.
mod error;
pub use error::{Error, IndexError, LineError, MemberFault, NotFound, PartError};

// Tars and their indexes.
pub mod packed;

// Index of the pictures under a folder, by name.
pub mod picture_index;

// Which pictures the last check found damaged.
pub mod damage_record;

// Originals that were deleted before their rows came out.
pub mod deleted_originals;

// Where a picture is.
pub mod locate;
