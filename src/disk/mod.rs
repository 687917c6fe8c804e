//! Files and folders: whole or not at all.

pub mod replace;

/// Which pictures lie under a folder.
pub mod index;

/// The files of folders, in natural order.
pub mod walk;

/// The picture files that arguments name.
pub mod pictures;

/// Files made anew from pieces of old ones.
pub mod rewrite;
