//! Names of unfinished files, in the folder of the final ones.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::value::digest::Digest;

/// The longest name that most file systems take, in bytes.
const NAME_MAX: usize = 255;

/// A hidden name in the same folder, made from the final name. It is always the same, so that the next run
/// reuses what a crash left.
pub(super) fn name(path: &Path, ending: &str) -> io::Result<PathBuf> {
    let file = path.file_name().ok_or_else(|| io::Error::other("not the name of a file"))?;
    let mut hidden = OsString::from(".");
    if ".".len() + file.len() + ending.len() <= NAME_MAX {
        hidden.push(file);
    } else {
        hidden.push(digest(file));
    }
    hidden.push(ending);
    Ok(path.with_file_name(hidden))
}

/// What a name that leaves no room for an ending is known by.
fn digest(file: &OsStr) -> String {
    Digest(Sha256::digest(file.as_encoded_bytes()).into()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_file_of_the_longest_name_has_one_of_its_own_that_the_disk_takes() {
        let folder = tempfile::tempdir().unwrap();
        let of = |ending: &str| folder.path().join("é".repeat(125) + ending);
        for path in [of(".jpg"), of(".webp"), of("1.jpg"), folder.path().join("a.jpg")] {
            let hidden = name(&path, ".part").unwrap();
            std::fs::write(&hidden, b"").unwrap();
            assert_eq!(name(&path, ".part").unwrap(), hidden);
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 4);
    }
}
