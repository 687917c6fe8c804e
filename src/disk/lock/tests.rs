use super::*;

#[test]
fn a_lock_is_of_one_opening_and_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let open = || File::options().write(true).create(true).truncate(false).open(&path).unwrap();
    let (first, second) = (open(), open());
    assert_eq!((try_lock(&first), try_lock(&second)), (Lock::Taken, Lock::Busy));
    drop(first);
    assert_eq!(try_lock(&second), Lock::Taken);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_refuses_locks_is_no_error() {
    use std::os::unix::fs::OpenOptionsExt;
    // An `O_PATH` handle cannot be locked, like a file on a file system without locks.
    let flag = rustix::fs::OFlags::PATH.bits() as i32;
    let file = File::options().read(true).custom_flags(flag).open("/").unwrap();
    assert_eq!(try_lock(&file), Lock::Unsupported);
    assert!(were_refused());
}
