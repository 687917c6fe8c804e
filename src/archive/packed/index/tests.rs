use super::*;

#[test]
fn a_kill_leaves_no_manifest_of_another_tar() {
    let folder = tempfile::tempdir().unwrap();
    let tar = folder.path().join("a.tar");
    fs::write(manifest_of(&tar), "old").unwrap();
    fs::write(pending_index_of(&tar), "").unwrap();
    let killed = || Err::<Member, _>(io::Error::other("killed"));
    assert!(confirm(&tar, std::iter::once_with(killed)).is_err());
    assert!(!manifest_of(&tar).exists() && has_index(&tar));
}
