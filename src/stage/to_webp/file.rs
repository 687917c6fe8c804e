//! File operations of to-webp: read, write, verify, delete.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::disk::atomic_file::{Overwrite, Replacement, sync_folder};
use crate::disk::attributes::{self, LostAttribute};
use crate::disk::locked_file::LockedFile;
use crate::disk::open;
use crate::disk::positioned_io::{digest_of, read_at};
use crate::disk::{Action, AtPath, PathError};
use crate::shape::RowError;
use crate::value::digest::Digest;

/// A JPEG is read into memory; the largest from cameras have some 100 MB.
const MAX_JPEG: u64 = 1 << 30;

/// A locked JPEG and its bytes: all operations apply to these bytes only.
pub struct Original {
    path: PathBuf,
    held: LockedFile,
    pub bytes: Vec<u8>,
    modified: SystemTime,
}

impl Original {
    pub fn read(path: &Path) -> Result<Original, RowError> {
        let wrong = |error| PathError::new(Action::Read, path, error);
        let held = LockedFile::open(path).map_err(wrong)?;
        let len = held.identity().len();
        if len > MAX_JPEG {
            return Err(format!("'{}' has {len} bytes", path.display()).into());
        }
        let (bytes, modified) = contents(&held).map_err(wrong)?;
        Ok(Original { path: path.to_path_buf(), held, bytes, modified })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn digest(&self) -> Digest {
        digest_of(&self.bytes)
    }

    /// Deletes the file, if it still has these bytes.
    pub fn remove(self) -> Result<(), RowError> {
        let path = self.path;
        Ok(self.held.remove().at_path(Action::Remove, &path)?)
    }
}

fn contents(held: &LockedFile) -> io::Result<(Vec<u8>, SystemTime)> {
    let mut bytes = Vec::with_capacity(held.identity().len() as usize);
    held.bytes()?.read_to_end(&mut bytes)?;
    let modified = held.file().metadata()?.modified()?;
    held.check()?;
    Ok((bytes, modified))
}

/// Writes the file with the metadata of the original file: owner, permissions, attributes, time. If the original is
/// to be deleted, the file is read back from disk. Returns the attributes that the system did not allow.
pub fn write(
    target: &Path,
    webp: &[u8],
    original: &Original,
    over: Overwrite,
    read_back: bool,
) -> io::Result<Vec<LostAttribute>> {
    let mut file = Replacement::create(target)?;
    attributes::close_to_others(file.file_mut())?;
    file.write_all(webp)?;
    let lost = attributes::copy(original.held.file(), file.file_mut())?;
    file.set_modified(original.modified)?;
    file.finish_over(over, Some(webp.len() as u64), read_back)?;
    if read_back && read_from_disk(target)? != webp {
        return Err(io::Error::other("it does not read back as it was written"));
    }
    Ok(lost)
}

/// Syncs a file and its name to disk, and reads it.
pub fn read_from_disk(path: &Path) -> io::Result<Vec<u8>> {
    open::file(path)?.sync_all()?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    sync_folder(parent.unwrap_or(Path::new(".")))?;
    open::read(path)
}

/// The first bytes, which show the format.
pub fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = vec![0; 12];
    let len = read_at(&open::file(path)?, &mut head, 0)?;
    head.truncate(len);
    Ok(head)
}

/// Whether both paths lead to the same file.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn an_original_that_was_changed_since_it_was_read_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.jpg");
        let changes: [fn(&Path); 3] = [
            |path| fs::write(path, "other").unwrap(),
            |path| {
                fs::write(path.with_extension("new"), "first").unwrap();
                fs::rename(path.with_extension("new"), path).unwrap();
            },
            |path| File::options().append(true).open(path).unwrap().write_all(b"more").unwrap(),
        ];
        for change in changes {
            fs::write(&path, "first").unwrap();
            let original = Original::read(&path).unwrap();
            assert_eq!(original.bytes, b"first");
            change(&path);
            let after = fs::read(&path).unwrap();
            assert!(
                original.remove().unwrap_err().to_string().contains("changed by another process")
            );
            assert_eq!(fs::read(&path).unwrap(), after);
        }
        Original::read(&path).unwrap().remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_file_that_came_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.webp");
        fs::write(&path, "somebody's").unwrap();
        fs::write(folder.path().join("1.jpg"), "theirs").unwrap();
        let original = Original::read(&folder.path().join("1.jpg")).unwrap();
        assert!(write(&path, b"ours", &original, Overwrite::Nothing, true).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"somebody's");
        write(&path, b"ours", &original, Overwrite::Anything, true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"ours");
    }

    #[cfg(unix)]
    #[test]
    fn a_picture_that_is_private_stays_so_as_webp() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
        let folder = tempfile::tempdir().unwrap();
        let [jpeg, webp] = ["1.jpg", "1.webp"].map(|name| folder.path().join(name));
        fs::write(&jpeg, "theirs").unwrap();
        // Only root may give files away; for other users, the owner is the same anyway.
        let _ = chown(&jpeg, Some(12_345), Some(23_456));
        fs::set_permissions(&jpeg, fs::Permissions::from_mode(0o600)).unwrap();
        let original = Original::read(&jpeg).unwrap();
        assert_eq!(write(&webp, b"ours", &original, Overwrite::Nothing, false).unwrap(), []);
        let facts = |path| fs::metadata(path).map(|meta| (meta.uid(), meta.gid(), meta.mode()));
        assert_eq!(facts(&webp).unwrap(), facts(&jpeg).unwrap());
    }
}
