use super::*;

#[test]
fn a_folder_remembers_its_quality_and_what_is_gone() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    let other_run = Folder::open(place.path()).unwrap();
    assert_eq!(folder.decide_quality(Quality::W1024).unwrap(), Some(Quality::W1024));
    for run in [&folder, &other_run] {
        assert_eq!(run.decide_quality(Quality::W256).unwrap(), Some(Quality::W1024));
    }
    folder.remember_gone("12").unwrap();
    let again = Folder::open(place.path()).unwrap();
    assert_eq!(again.quality(), Some(Quality::W1024));
    assert!(again.is_gone("12") && !again.is_gone("13"));
}

#[test]
fn names_that_differ_by_case_alone_are_refused_on_a_disk_that_mixes_them() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(place.path()).unwrap();
    folder.names = Some(Mutex::default());
    assert!(folder.claim("aB/1.jpg").is_ok());
    assert!(folder.claim("aB/2.jpg").is_ok());
    let error = folder.claim("Ab/3.jpg").map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("'Ab'"), "{error}");
}

#[test]
fn a_path_is_written_by_one_at_a_time() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    let first = folder.claim("a").unwrap();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| folder.claim("a").map(|_| ()));
        assert!(folder.claim("b").is_ok());
        drop(first);
        assert!(second.join().unwrap().is_ok());
    });
}
