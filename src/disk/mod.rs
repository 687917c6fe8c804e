//! Files and folders, written atomically.

/// The subfolder in which the tools keep their own data about a folder.
pub const NOTES: &str = ".mapillary-pipes";

/// Locks between runs.
pub mod lock;

/// Whether a file is open for writing.
mod file_lease;
mod temporary_names;

/// Atomic renames.
mod rename;

/// The error for a file that another process changed.
mod concurrent_change;

/// A file to be changed or removed, checked again before that.
pub mod locked_file;

/// File metadata: owner, permissions, extended attributes.
pub mod attributes;

/// Output files and streams.
pub mod output;

/// The identity of a file, independent of its name.
pub mod file_id;

/// Opening plain files and streams without blocking.
pub mod open;

/// Signals through a pipe whether its writers have finished.
pub mod pipe_completion;

/// Errors with their paths.
mod error;
pub use error::{Action, AtPath, PathError};

pub mod atomic_file;

// Reads and writes at offsets, and digests.
pub mod positioned_io;

// Work that must not block on the disk.
pub mod cached_io;

// Which parts of a file are in the page cache.
pub mod page_residency;

// Files opened without blocking on the disk.
pub mod cached_folder;

// Bytes stored in a temporary file.
pub mod spool;

// Sorting more records than memory holds.
pub mod record_sorter;

// Records of a temporary file.
pub mod record_fields;

// Free disk space.
pub mod free_space;

// Moving files into folders, with a journal.
pub mod filing;

// Walking folders in natural order.
pub mod walk;

// The picture files named by arguments.
pub mod pictures;

// New files built from pieces of old ones.
pub mod file_assembly;

// XMP sidecars: what other programs wrote about a photo.
pub mod sidecar;
