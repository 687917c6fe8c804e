use super::*;

fn pieces() -> Vec<Piece> {
    vec![Piece::Original(0..2), Piece::Bytes(b"--".to_vec()), Piece::Original(4..6)]
}

/// Replaces the file at a path.
fn write(path: &Path, pieces: &[Piece], backup: Option<&Path>) -> io::Result<Written> {
    replace(&mut LockedFile::open(path)?, pieces, backup, Times::Old)
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
        let mut held = LockedFile::open(&path).unwrap();
        change(&path);
        let pieces = [Piece::Original(0..3), Piece::Bytes(b"ours".to_vec())];
        let backup = backup_name(&path, "_old");
        assert!(replace(&mut held, &pieces, Some(&backup), Times::Old).is_err(), "{what}");
        assert_eq!(fs::read(&path).ok().as_deref(), then, "{what}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), then.iter().count());
        let elsewhere = folder.path().join("b.jpg");
        assert!(copy(&held, &elsewhere, Overwrite::Nothing, &pieces, false).is_err(), "{what}");
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
    // Only root may give files away; for other users the owner stays the same anyway.
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
    for (name, value) in
        [("user.comment", &b"ours"[..]), ("user.empty", b""), ("system.posix_acl_access", &list)]
    {
        // If the file system does not support them, there is nothing to keep.
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
