//! Names of unfinished files, in the folder of the final ones.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// A hidden name in the same folder, made from the final name. It is always the same, so that the next run
/// reuses what a crash left.
pub(super) fn name(path: &Path, ending: &str) -> io::Result<PathBuf> {
    let file = path.file_name().ok_or_else(|| io::Error::other("not the name of a file"))?;
    let mut hidden = OsString::from(".");
    hidden.push(file);
    hidden.push(ending);
    Ok(path.with_file_name(hidden))
}
