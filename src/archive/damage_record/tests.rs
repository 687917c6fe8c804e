use super::*;

#[test]
fn what_was_damaged_is_remembered_until_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let (loose, tar) = (folder.path().join("1.jpg"), folder.path().join("a.tar"));
    let (damage, reader) = (Damage::default(), Damage::default());
    damage.add(&loose, None).unwrap();
    assert!(reader.has(&loose, None) && !reader.has(&tar, Some("d/2.jpg")));
    damage.add(&tar, Some("d/2.jpg")).unwrap();
    damage.remove(&tar, [Some("d/3.jpg")]).unwrap();
    assert!(reader.has(&tar, Some("d/2.jpg")), "what came after the first look");
    let later = Damage::default();
    assert!(later.has(&loose, None) && later.has(&tar, Some("d/2.jpg")));
    assert!(!later.has(&tar, Some("d/3.jpg")) && !later.has(&tar, None));
    assert_eq!(later.members(&tar), BTreeSet::from(["d/2.jpg".to_string()]));
    assert!(later.members(&folder.path().join("a")).is_empty());
    later.remove(&loose, [None]).unwrap();
    later.remove(&tar, [Some("d/2.jpg")]).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
