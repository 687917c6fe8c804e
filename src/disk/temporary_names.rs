//! Names for what is not finished, beside the file that it belongs to.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Hidden, in the same folder, with the final name in it; always the same, so
/// that what a crash left is used up by the next run.
pub(super) fn name(path: &Path, ending: &str) -> io::Result<PathBuf> {
    let file = path.file_name().ok_or_else(|| io::Error::other("not the name of a file"))?;
    let mut hidden = OsString::from(".");
    hidden.push(file);
    hidden.push(ending);
    Ok(path.with_file_name(hidden))
}
