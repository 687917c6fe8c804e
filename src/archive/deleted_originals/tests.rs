use super::*;

fn row(path: &Path, make: &str) -> Row {
    Row::from_cells(&[(Field::Path, path.to_str().unwrap()), (Field::Make, make)])
}

fn add(list: &DeletedOriginals, rows: &[Row]) {
    list.add(rows.iter().map(Ok::<_, io::Error>)).unwrap();
}

#[test]
fn pictures_of_the_folders_are_found_until_they_are_forgotten() {
    let top = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| top.path().join(name));
    let list_of = |folder: &PathBuf| {
        DeletedOriginals::new(
            top.path(),
            SearchedFolders::new(std::slice::from_ref(folder), false).unwrap(),
        )
    };
    assert_eq!(list_of(&a).moved().unwrap(), []);
    fs::create_dir(&b).unwrap();
    fs::write(b.join("3.jpg"), "a new one").unwrap();
    add(&list_of(&a), &[row(&a.join("1.jpg"), "ä"), row(&a.join("deep/2.jpg"), "y")]);
    // Cut by a kill.
    open::append(list_of(&a).path()).unwrap().write_all(b"{\"path\":\"").unwrap();
    add(&list_of(&b), &[row(&b.join("3.jpg"), "y"), row(&b.join("4.jpg"), "z")]);
    let found = |folder| {
        let moved = list_of(folder).moved().unwrap();
        moved.into_iter().map(|photo| photo.from).collect::<Vec<_>>()
    };
    assert_eq!((found(&a), found(&b)), (vec![a.join("1.jpg")], vec![b.join("4.jpg")]));
    list_of(&a).forget().unwrap();
    assert_eq!((found(&a), found(&b)), (vec![], vec![b.join("4.jpg")]));
    list_of(&b).forget().unwrap();
    assert!(found(&b).is_empty());
    assert!(list_of(&b).path().exists(), "a picture of a subfolder is not that of the folder");
    let all = SearchedFolders::new(&[top.path().to_path_buf()], true).unwrap();
    DeletedOriginals::new(top.path(), all).forget().unwrap();
    assert!(!top.path().join(NOTES).exists());
}
