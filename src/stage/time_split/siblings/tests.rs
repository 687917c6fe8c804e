use super::*;

#[test]
fn all_files_of_a_stem_belong_to_its_photo_and_each_is_given_once() {
    let folder = tempfile::tempdir().unwrap();
    let along = [
        "a.CR2",
        "a.THM",
        "a.WAV",
        "a.AAE",
        "a.xmp",
        "a.CR2.xmp",
        "a.jpg.xmp",
        "a.jpg_original",
        "a.JPG.xmp",
        "A.WAV",
    ];
    for name in along.iter().chain(&["a.jpg", "a.2.jpg", "ab.xmp", "a", ".a.xmp", "b.jpg"]) {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("a.d")).unwrap();
    let mut found = SiblingFiles::default();
    let mut names = |photo: &str| -> Vec<String> {
        let others = found.take(&folder.path().join(photo));
        others.iter().map(|p| p.file_name().unwrap().to_str().unwrap().into()).collect()
    };
    let mut first = names("a.jpg");
    first.sort();
    let mut wanted = along.to_vec();
    wanted.sort();
    assert_eq!(first, wanted);
    assert_eq!(names("a.CR2"), ["a.jpg"], "the others went with the first");
    assert_eq!(names("b.jpg"), [""; 0]);
}

#[test]
fn of_two_photos_whose_names_differ_by_case_each_has_its_own_files() {
    let folder = tempfile::tempdir().unwrap();
    let all = ["a.jpg", "A.JPG", "a.xmp", "A.XMP"];
    all.iter().for_each(|name| fs::write(folder.path().join(name), name).unwrap());
    if fs::read(folder.path().join("a.jpg")).unwrap() != b"a.jpg" {
        return; // This file system is case-insensitive.
    }
    let mut found = SiblingFiles::default();
    assert_eq!(found.take(&folder.path().join("A.JPG")), [folder.path().join("A.XMP")]);
    assert_eq!(found.take(&folder.path().join("a.jpg")), [folder.path().join("a.xmp")]);
}
