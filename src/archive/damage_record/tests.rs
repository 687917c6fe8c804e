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

#[test]
fn checks_at_the_same_time_keep_each_others_records() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b, c] = ["a.jpg", "b.jpg", "c.jpg"].map(|name| folder.path().join(name));
    let (one, other) = (Damage::default(), Damage::default());
    one.add(&a, None).unwrap();
    one.add(&b, None).unwrap();
    assert!(other.has(&b, None));
    // Each replaces the record, and the other has read an older one.
    one.remove(&a, [None]).unwrap();
    other.add(&c, None).unwrap();
    other.remove(&b, [None]).unwrap();
    for damage in [&one, &other, &Damage::default()] {
        assert_eq!([&a, &b, &c].map(|path| damage.has(path, None)), [false, false, true]);
    }
    one.remove(&c, [None]).unwrap();
    assert!(!other.has(&c, None), "there is no record any more");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn nothing_is_lost_if_one_check_adds_and_another_removes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |at: u32| folder.path().join(format!("{at}.jpg"));
    let keeper = Damage::default();
    keeper.add(&path(1000), None).unwrap();
    (0..20).for_each(|at| keeper.add(&path(at), None).unwrap());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let damage = Damage::default();
            (0..20).for_each(|at| damage.remove(&path(at), [None]).unwrap());
        });
        scope.spawn(|| {
            let damage = Damage::default();
            (20..40).for_each(|at| damage.add(&path(at), None).unwrap());
        });
    });
    let left = Damage::default().names(folder.path());
    assert_eq!(left.len(), 21, "{left:?}");
    assert!((0..20).all(|at| !keeper.has(&path(at), None)));
}
