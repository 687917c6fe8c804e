use std::fs;

use super::*;

#[test]
fn the_run_that_comes_first_decides_for_all_that_are_open() {
    let place = tempfile::tempdir().unwrap();
    let [first, second] = [(); 2].map(|()| QualityNote::open(place.path()).unwrap());
    assert_eq!(first.decide(Quality::W1024).unwrap(), Some(Quality::W1024));
    assert_eq!(second.get(), None);
    for run in [&first, &second] {
        assert_eq!(run.decide(Quality::W256).unwrap(), Some(Quality::W1024));
    }
    assert_eq!(QualityNote::open(place.path()).unwrap().get(), Some(Quality::W1024));
}

#[test]
fn the_name_of_a_collection_tells_it_and_a_note_counts_more() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("mapillary-ada-2048");
    let quality = || QualityNote::open(&dir).unwrap();
    assert_eq!(quality().get(), Some(Quality::W2048));
    assert_eq!(quality().decide(Quality::W256).unwrap(), Some(Quality::W2048));
    fs::write(dir.join(NOTES).join("quality"), "original\n").unwrap();
    assert_eq!(quality().get(), Some(Quality::Original));
}

#[test]
fn a_note_that_is_no_quality_is_named() {
    let place = tempfile::tempdir().unwrap();
    let note = place.path().join(NOTES).join("quality");
    fs::create_dir_all(note.parent().unwrap()).unwrap();
    fs::write(&note, "huge").unwrap();
    let error = QualityNote::open(place.path()).map(|_| ()).unwrap_err().0;
    assert!(error.starts_with(&format!("'{}': ", note.display())), "{error}");
    assert!(error.contains("'huge'"), "{error}");
}
