use std::fs;

use super::*;

#[test]
fn of_what_came_meanwhile_only_the_same_bytes_are_taken_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.jpg");
    let new = |replaces| New { path: &path, bytes: 4, modified: None, sha256: None, replaces };
    assert_eq!(store(&mut &b"ours"[..], new(false)).unwrap(), Status::Done);
    assert_eq!(store(&mut &b"ours"[..], new(false)).unwrap(), Status::Kept);
    let error = store(&mut &b"them"[..], new(false)).unwrap_err();
    assert_eq!(error.error.kind(), AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"ours");
    assert_eq!(store(&mut &b"them"[..], new(true)).unwrap(), Status::Done);
    assert_eq!(fs::read(&path).unwrap(), b"them");
}
