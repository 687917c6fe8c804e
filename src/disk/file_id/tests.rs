use super::*;

#[test]
fn a_file_is_itself_by_all_of_its_names_and_a_stream_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let [one, link, hard, other, fifo] =
        ["one", "link", "hard", "other", "fifo"].map(|name| folder.path().join(name));
    fs::write(&one, "a").unwrap();
    fs::write(&other, "a").unwrap();
    fs::hard_link(&one, &hard).unwrap();
    std::os::unix::fs::symlink(&one, &link).unwrap();
    crate::disk::open::make_fifo(&fifo);
    let id = FileId::of(&File::open(&one).unwrap());
    assert!(id.is_some());
    assert_eq!(
        [&one, &link, &hard, &other].map(|path| FileId::at(path) == id),
        [true, true, true, false]
    );
    assert_eq!([&fifo, folder.path()].map(FileId::at), [None, None]);
}
