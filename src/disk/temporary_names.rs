//! Names of unfinished files, beside their final names.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Hidden, in the same folder, containing the final name; always the same, so that the next run reuses what a crash
/// left.
pub(super) fn name(path: &Path, ending: &str) -> io::Result<PathBuf> {
    let file = path.file_name().ok_or_else(|| io::Error::other("not the name of a file"))?;
    let mut hidden = OsString::from(".");
    hidden.push(file);
    hidden.push(ending);
    Ok(path.with_file_name(hidden))
}
