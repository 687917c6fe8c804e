//! The names of the auxiliary files of an output.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A file name in the same folder, with a prefix and a suffix.
pub fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(path.file_name().unwrap_or_default());
    name.push(after);
    path.with_file_name(name)
}
