use super::*;

#[test]
fn names_that_differ_by_case_alone_are_refused_on_a_disk_that_mixes_them() {
    let names = CaseFolding(Some(Mutex::default()));
    for path in ["aB/1.jpg", "aB/2.jpg", "aB/1.jpg", "ab.jpg"] {
        assert!(names.check(path).is_ok(), "{path}");
    }
    for (path, name) in [("Ab/3.jpg", "'Ab'"), ("aB/1.JPG", "'aB/1.JPG'")] {
        let error = names.check(path).unwrap_err().to_string();
        assert!(error.starts_with(name), "{error}");
    }
}

#[test]
fn a_disk_that_tells_names_apart_takes_both() {
    let names = CaseFolding(None);
    assert!(["a", "A"].iter().all(|path| names.check(path).is_ok()));
}

#[test]
#[cfg(unix)]
fn a_folder_that_is_there_under_both_names_is_on_a_disk_that_folds_case() {
    let place = tempfile::tempdir().unwrap();
    let [upper, lower] = ["NAME", "name"].map(|name| place.path().join(name));
    std::fs::create_dir(&upper).unwrap();
    if lower.exists() {
        return; // This disk does fold case.
    }
    assert!(!folds_case(&upper));
    std::os::unix::fs::symlink(&upper, &lower).unwrap();
    assert!(folds_case(&upper.join("not").join("there")));
    std::fs::remove_file(&lower).unwrap();
    std::fs::create_dir(&lower).unwrap();
    assert!(!folds_case(&upper), "they are two folders");
    std::fs::create_dir(upper.join("2024")).unwrap();
    assert!(!folds_case(&upper.join("2024")), "a name without letters says nothing");
    assert_eq!(std::fs::read_dir(upper.join("2024")).unwrap().count(), 0, "nothing is left");
    std::fs::write(upper.join("2024/A.jpg"), "").unwrap();
    std::os::unix::fs::symlink("A.jpg", upper.join("2024/a.jpg")).unwrap();
    assert!(folds_case(&upper.join("2024")), "an entry is found in both cases");
}
