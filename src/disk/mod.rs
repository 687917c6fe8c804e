//! Files and folders: whole or not at all.

/// Where the tools keep what they remember of a folder, in it.
pub const NOTES: &str = ".mapillary-pipes";

/// Locks between runs.
pub mod lock;

mod file_lease;
/// Whether a file is open for writing.
mod temporary_names;

/// Names that change in one step.
mod rename;

/// What is said of a file that somebody else changed.
mod concurrent_change;

/// A file that is to be changed or taken away, and is looked at again before that.
pub mod locked_file;

/// What a file has beside its bytes.
pub mod attributes;

/// Where results go.
pub mod output;

/// Which file it is, whatever its name.
pub mod file_id;

/// Plain files, and streams, opened without waiting.
pub mod open;

/// Errors with their paths.
mod error;
pub use error::{Action, AtPath, PathError};

pub mod atomic_file;

// Bytes of files by their place, and their digests.
pub mod positioned_io;

// Work that must not wait for the disk.
pub mod nonblocking_io;

// What the system has of a file in memory.
pub mod page_residency;

// Files that are opened without waiting for the disk.
pub mod local_folder;

// Bytes that wait in a temporary file.
pub mod spool;

// How much room a disk has left.
pub mod free_space;

// Files put into folders, by a list.
pub mod filing;

// The files of folders, in natural order.
pub mod walk;

// The picture files that arguments name.
pub mod pictures;

// Files made anew from pieces of old ones.
pub mod file_assembly;

// What other programs say of a photo, in a file beside it.
pub mod sidecar;
