//! A file made anew from pieces, some of them ranges of an old one, which are copied within the kernel.

use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::format::container::Piece;

use super::replace::Replacement;

/// Writes the pieces of `old` to `path`, which may be the old file's own. The
/// new file has the permissions and the times of the old one. `backup` is the
/// name that the old file keeps; one that is there already stays, for it is
/// older still.
///
/// # Errors
/// What went wrong while copying; then nothing has changed.
pub fn write(old: &Path, path: &Path, pieces: &[Piece], backup: Option<&Path>) -> io::Result<u64> {
    // A link keeps its name, and what it points to is replaced.
    let is_link = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    let path = if is_link { fs::canonicalize(path)? } else { path.to_path_buf() };
    let mut from = File::open(old)?;
    let meta = from.metadata()?;
    let mut to = Replacement::create(&path)?;
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => to.write_all(bytes)?,
            Piece::Original(range) => copy(&mut from, range, &mut to)?,
        }
    }
    if let Some(backup) = backup.filter(|backup| !backup.exists()) {
        // A link costs nothing, and stands for the old bytes once the name has moved on.
        fs::hard_link(&path, backup).or_else(|_| fs::copy(&path, backup).map(|_| ()))?;
    }
    let len = to.written();
    to.file_mut().set_permissions(meta.permissions())?;
    let times = FileTimes::new().set_modified(meta.modified()?).set_accessed(meta.accessed()?);
    to.file_mut().set_times(times)?;
    to.finish(Some(len_of(pieces)), false)?;
    Ok(len)
}

/// How long the file of these pieces is.
pub fn len_of(pieces: &[Piece]) -> u64 {
    let len = |piece: &Piece| match piece {
        Piece::Bytes(bytes) => bytes.len() as u64,
        Piece::Original(range) => range.end - range.start,
    };
    pieces.iter().map(len).sum()
}

/// Whether `path` holds these pieces, as far as can be seen without reading
/// what was copied: its length and the new bytes.
pub fn is_so(path: &Path, pieces: &[Piece]) -> bool {
    let check = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let mut same = file.metadata()?.len() == len_of(pieces);
        let mut at = 0;
        for piece in pieces {
            if let Piece::Bytes(bytes) = piece {
                let mut there = Vec::with_capacity(bytes.len());
                file.seek(SeekFrom::Start(at))?;
                (&mut file).take(bytes.len() as u64).read_to_end(&mut there)?;
                same &= there == *bytes;
            }
            at += len_of(std::slice::from_ref(piece));
        }
        Ok(same)
    };
    check().unwrap_or(false)
}

/// The name of a backup: the file's own and a suffix.
pub fn backup_name(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

/// The standard library copies between files without bringing the bytes to us.
fn copy(from: &mut File, range: &Range<u64>, to: &mut Replacement) -> io::Result<()> {
    from.seek(SeekFrom::Start(range.start))?;
    let copied = io::copy(&mut from.take(range.end - range.start), to.file_mut())?;
    to.add_written(copied);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Vec<Piece> {
        vec![Piece::Original(0..2), Piece::Bytes(b"--".to_vec()), Piece::Original(4..6)]
    }

    #[test]
    fn a_file_is_replaced_with_its_times_and_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, "abcdef").unwrap();
        let then = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
        let backup = backup_name(&path, "_old");
        assert!(!is_so(&path, &pieces()));
        assert_eq!(write(&path, &path, &pieces(), Some(&backup)).unwrap(), 6);
        assert!(is_so(&path, &pieces()));
        assert_eq!(fs::read(&path).unwrap(), b"ab--ef");
        assert_eq!(fs::read(&backup).unwrap(), b"abcdef");
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), then);
        write(&path, &path, &[Piece::Bytes(b"x".to_vec())], Some(&backup)).unwrap();
        assert_eq!(fs::read(&backup).unwrap(), b"abcdef", "the first backup stays");
    }

    #[test]
    fn an_old_file_that_is_too_short_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, "abc").unwrap();
        assert!(write(&path, &path, &pieces(), None).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.jpg"), folder.path().join("b.jpg"));
        fs::write(&path, "abcdef").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write(&link, &link, &pieces(), None).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"ab--ef");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
