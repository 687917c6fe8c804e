//! An archive on disk: loose pictures, tars with the indexes beside them, and which of them is where.

// What is wrong with an archive.
mod error;
pub use error::{Error, IndexError, LineError, MemberFault, NotFound, PartError};

// Tars and the indexes beside them.
pub mod packed;

// Which pictures lie under a folder, by their names.
pub mod picture_index;

// Which pictures the last check found damaged.
pub mod damage_record;

// Where a picture is.
pub mod locate;
