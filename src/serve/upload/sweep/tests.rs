use super::*;

#[test]
fn what_is_old_goes_and_what_is_new_stays_and_the_salt() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("building-1")).expect("a folder");
    for name in ["old.part", "new.part", "salt"] {
        fs::write(at(name), "x").expect("a file");
    }
    let past = SystemTime::now() - KEPT - Duration::from_secs(60);
    for name in ["old.part", "salt"] {
        let file = fs::File::options().write(true).open(at(name)).expect("a file");
        file.set_modified(past).expect("a time");
    }
    sweep(folder.path()).expect("a sweep");
    let left = fs::read_dir(folder.path()).expect("a folder").flatten();
    let mut left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    left.sort();
    assert_eq!(left, ["new.part", "salt"]);
}
