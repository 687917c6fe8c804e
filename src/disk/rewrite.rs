//! A file made anew from pieces, some of them ranges of an old one, which are copied within the kernel.

use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::disk::open;
use crate::format::container::Piece;

use super::atomic_file::{Over, Replacement};
use super::attributes;
pub use super::attributes::Lost;
use super::locked_file::{self, Held, Identity};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    /// What the old file has and the new one could not be given.
    pub lost: Vec<Lost>,
}

/// The times of a file that is written in the place of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Those of the old file: a photo is as old as it was.
    Old,
    Now,
}

/// Writes the pieces of a file in its place, on disk before it gets the old
/// one's name. It has all that the old one had beside its bytes. `backup` is
/// the name that the old file keeps; one that is there already stays, for it
/// is older still.
///
/// # Errors
/// What went wrong, or that somebody else has changed the file; then nothing has changed.
pub fn replace(
    old: &mut Held,
    pieces: &[Piece],
    backup: Option<&Path>,
    times: Times,
) -> io::Result<Written> {
    let mut new = Replacement::create(old.path())?;
    let written = fill(&mut new, old.file(), pieces, times)?;
    old.check()?;
    let backup = backup.filter(|backup| fs::symlink_metadata(backup).is_err());
    if let Some(backup) = backup {
        keep(old, backup)?;
    }
    let finished = new.finish_over(Over::Held(old), Some(written.bytes), true);
    if let (Err(_), Some(backup)) = (&finished, backup) {
        // It stands for what was there before us, and that has its own name still.
        fs::remove_file(backup)?;
    }
    finished.map(|()| written)
}

/// Writes the pieces of a file to another place, with all that it has beside its bytes.
/// What `over` names gives way.
///
/// # Errors
/// What went wrong, or that somebody else has changed one of the two; then nothing has changed.
pub fn copy(
    old: &Held,
    path: &Path,
    over: Over,
    pieces: &[Piece],
    sync: bool,
) -> io::Result<Written> {
    let mut new = Replacement::create(path)?;
    let written = fill(&mut new, old.file(), pieces, Times::Old)?;
    old.check()?;
    new.finish_over(over, Some(written.bytes), sync)?;
    Ok(written)
}

/// The pieces of the whole file.
pub fn whole(old: &Held) -> Vec<Piece> {
    vec![Piece::Original(0..old.identity().len())]
}

/// Gives the old file a name more: it costs nothing, and stands for the old
/// bytes once the first name has moved on.
fn keep(old: &mut Held, backup: &Path) -> io::Result<()> {
    if fs::hard_link(old.path(), backup).is_err() {
        return copy(old, backup, Over::Nothing, &whole(old), true).map(|_| ());
    }
    let linked = fs::symlink_metadata(backup).map(|meta| Identity::new(&meta));
    if !linked.is_ok_and(|linked| linked.is_same_file(old.identity())) {
        fs::remove_file(backup)?;
        return Err(locked_file::changed());
    }
    old.take_note_of_link()
}

fn fill(
    new: &mut Replacement,
    mut from: &File,
    pieces: &[Piece],
    times: Times,
) -> io::Result<Written> {
    attributes::close_to_others(new.file_mut())?;
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => new.write_all(bytes)?,
            Piece::Original(range) => copy_range(&mut from, range, new)?,
        }
    }
    let lost = attributes::copy(from, new.file_mut())?;
    if times == Times::Old {
        let meta = from.metadata()?;
        let times = FileTimes::new().set_modified(meta.modified()?).set_accessed(meta.accessed()?);
        new.file_mut().set_times(times)?;
    }
    if len_of(pieces) == new.written() {
        Ok(Written { bytes: new.written(), lost })
    } else {
        Err(locked_file::changed())
    }
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
        let mut file = open::file(path)?;
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
fn copy_range(from: &mut &File, range: &Range<u64>, to: &mut Replacement) -> io::Result<()> {
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

    /// Replaces the file at a path.
    fn write(path: &Path, pieces: &[Piece], backup: Option<&Path>) -> io::Result<Written> {
        replace(&mut Held::open(path)?, pieces, backup, Times::Old)
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
        assert_eq!(write(&path, &pieces(), Some(&backup)).unwrap().bytes, 6);
        assert!(is_so(&path, &pieces()));
        assert_eq!(fs::read(&path).unwrap(), b"ab--ef");
        assert_eq!(fs::read(&backup).unwrap(), b"abcdef");
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), then);
        write(&path, &[Piece::Bytes(b"x".to_vec())], Some(&backup)).unwrap();
        assert_eq!(fs::read(&backup).unwrap(), b"abcdef", "the first backup stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_old_file_that_is_too_short_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, "abc").unwrap();
        assert!(write(&path, &pieces(), None).is_err());
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
        write(&link, &pieces(), None).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"ab--ef");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn what_somebody_else_changed_meanwhile_stays() {
        for (what, change, then) in locked_file::tests::CHANGES {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.jpg");
            fs::write(&path, "old").unwrap();
            let mut held = Held::open(&path).unwrap();
            change(&path);
            let pieces = [Piece::Original(0..3), Piece::Bytes(b"ours".to_vec())];
            let backup = backup_name(&path, "_old");
            assert!(replace(&mut held, &pieces, Some(&backup), Times::Old).is_err(), "{what}");
            assert_eq!(fs::read(&path).ok().as_deref(), then, "{what}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), then.iter().count());
            let elsewhere = folder.path().join("b.jpg");
            assert!(copy(&held, &elsewhere, Over::Nothing, &pieces, false).is_err(), "{what}");
            assert!(!elsewhere.exists());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn owner_group_access_list_and_attributes_stay() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

        use rustix::fs::{XattrFlags, getxattr, setxattr};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, "abcdef").unwrap();
        // Only root may give files away; for others the owner is the same anyway.
        let _ = chown(&path, Some(12_345), Some(23_456));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        // The owner and one more user may read, the format of include/uapi/linux/posix_acl_xattr.h.
        let entry = |tag: u16, may: u16, id: u32| {
            [&tag.to_le_bytes()[..], &may.to_le_bytes(), &id.to_le_bytes()].concat()
        };
        let nobody = u32::MAX;
        let list = [
            2u32.to_le_bytes().to_vec(),
            entry(1, 6, nobody),
            entry(2, 4, 777),
            entry(4, 4, nobody),
            entry(16, 4, nobody),
            entry(32, 0, nobody),
        ]
        .concat();
        let mut set = Vec::new();
        for (name, value) in [
            ("user.comment", &b"ours"[..]),
            ("user.empty", b""),
            ("system.posix_acl_access", &list),
        ] {
            // Where the file system refuses them there is nothing to keep.
            if setxattr(&path, name, value, XattrFlags::empty()).is_ok() {
                set.push((name, value.to_vec()));
            }
        }
        let before = fs::metadata(&path).unwrap();
        assert_eq!(write(&path, &pieces(), None).unwrap().lost, []);
        let after = fs::metadata(&path).unwrap();
        let facts = |meta: &fs::Metadata| (meta.uid(), meta.gid(), meta.mode());
        assert_eq!(facts(&after), facts(&before));
        assert_ne!(after.ino(), before.ino());
        for (name, value) in set {
            let mut found = [0; 256];
            let len = getxattr(&path, name, &mut found[..]).unwrap();
            assert_eq!(found[..len], value, "{name}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_s_own_access_list_is_not_laid_on_a_file_that_had_none() {
        use rustix::fs::{XattrFlags, getxattr, setxattr};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, "abcdef").unwrap();
        let list = b"\x02\0\0\0\x01\0\x06\0\xff\xff\xff\xff\x02\0\x04\0\x09\x03\0\0\
            \x04\0\x04\0\xff\xff\xff\xff\x10\0\x04\0\xff\xff\xff\xff\x20\0\0\0\xff\xff\xff\xff";
        if setxattr(folder.path(), "system.posix_acl_default", list, XattrFlags::empty()).is_err() {
            return;
        }
        let before = fs::metadata(&path).unwrap().permissions();
        write(&path, &pieces(), None).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions(), before);
        assert!(getxattr(&path, "system.posix_acl_access", &mut [0; 256][..]).is_err());
    }
}
