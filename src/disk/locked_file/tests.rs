use super::removal::aside_name;
use std::io::Read;

use super::*;
use crate::disk::atomic_file;

/// A change that another process may make to a file, and the content afterwards.
type Change = (&'static str, fn(&Path), Option<&'static [u8]>);

pub const CHANGES: [Change; 5] = [
    ("grown", |path| append(path), Some(b"old and more")),
    ("written over", |path| fs::write(path, "new").unwrap(), Some(b"new")),
    ("written over, cut", |path| fs::write(path, "").unwrap(), Some(b"")),
    ("replaced", |path| atomic_file::write(path, b"new").unwrap(), Some(b"new")),
    ("removed", |path| fs::remove_file(path).unwrap(), None),
];

fn append(path: &Path) {
    let mut file = File::options().append(true).open(path).unwrap();
    io::Write::write_all(&mut file, b" and more").unwrap();
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("a.jpg");
    fs::write(&path, "old").unwrap();
    path
}

#[test]
fn what_somebody_else_changed_is_told_and_is_not_taken_away() {
    for (what, change, then) in CHANGES {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder);
        let held = LockedFile::open(&path).unwrap();
        held.check().unwrap();
        change(&path);
        assert!(held.check().unwrap_err().to_string().contains("run again"), "{what}");
        assert!(held.digest().is_err(), "{what}");
        assert!(held.remove().is_err(), "{what}");
        assert_eq!(fs::read(&path).ok().as_deref(), then, "{what}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), then.iter().count());
    }
}

#[test]
fn what_a_crash_left_aside_is_named_and_nothing_goes_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let aside = aside_name(&path).unwrap();
    fs::write(&aside, "left").unwrap();
    let error = LockedFile::open(&path).unwrap().remove().unwrap_err().to_string();
    assert!(error.contains(".a.jpg.removed") && error.contains("remove it"), "{error}");
    assert_eq!([&path, &aside].map(|path| fs::read(path).unwrap()), [&b"old"[..], b"left"]);
}

#[test]
fn what_nobody_changed_is_taken_away_whole() {
    let folder = tempfile::tempdir().unwrap();
    let held = LockedFile::open(&file(&folder)).unwrap();
    assert_eq!(held.digest().unwrap(), crate::disk::positioned_io::digest_of(b"old"));
    held.remove().unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn what_somebody_is_still_writing_is_not_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let mut writer = File::options().append(true).open(&path).unwrap();
    let held = LockedFile::open(&path).unwrap();
    if file_lease::take(held.file()).is_ok() {
        return; // This file system has no leases.
    }
    assert!(held.check().unwrap_err().to_string().contains("open for writing"));
    assert!(held.remove().is_err());
    io::Write::write_all(&mut writer, b" and more").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old and more");
}

#[test]
fn what_a_kill_left_aside_gets_its_name_back_unless_another_file_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.jpg");
    assert!(!give_back(&path).unwrap());
    fs::write(aside_name(&path).unwrap(), "old").unwrap();
    let removing = File::open(aside_name(&path).unwrap()).unwrap();
    removing.lock().unwrap();
    assert!(!give_back(&path).unwrap(), "another one is removing it");
    drop(removing);
    assert!(give_back(&path).unwrap());
    assert_eq!(fs::read(&path).unwrap(), b"old");
    fs::write(aside_name(&path).unwrap(), "other").unwrap();
    assert!(!give_back(&path).unwrap());
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[cfg(unix)]
#[test]
fn a_link_is_taken_away_and_not_what_it_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (file(&folder), folder.path().join("b.jpg"));
    std::os::unix::fs::symlink("a.jpg", &link).unwrap();
    LockedFile::open(&link).unwrap().remove().unwrap();
    assert!(path.exists() && fs::symlink_metadata(&link).is_err());
}

#[test]
fn who_waits_for_a_file_gets_the_one_that_has_its_name_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let first = LockedFile::open(&path).unwrap();
    thread::scope(|scope| {
        let second = scope.spawn(|| LockedFile::open(&path).unwrap());
        thread::sleep(Duration::from_millis(5));
        atomic_file::write(&path, b"new one").unwrap();
        drop(first);
        let mut text = String::new();
        second.join().unwrap().bytes().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "new one");
    });
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    assert!(LockedFile::open(folder.path()).unwrap_err().to_string().contains("no plain file"));
    let nowhere = LockedFile::open(&folder.path().join("b.jpg")).unwrap_err();
    assert_eq!(nowhere.kind(), io::ErrorKind::NotFound);
}

#[cfg(unix)]
#[test]
fn a_file_has_one_real_path_however_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (link, dotted) = (folder.path().join("b.jpg"), folder.path().join("./a.jpg"));
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!([&link, &dotted].map(|name| real(name)), [real(&path), real(&path)]);
    let gone = folder.path().join("./c.jpg");
    assert_eq!(real(&gone), real(folder.path()).join("c.jpg"));
}
