//! The names of the files that belong to an output.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A name in the same folder, with something before and after.
pub fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(path.file_name().unwrap_or_default());
    name.push(after);
    path.with_file_name(name)
}
