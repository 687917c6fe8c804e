use super::*;

/// A folder with these files.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    folder
}

#[test]
fn rows_lie_at_the_top_and_in_collections_and_are_told_by_their_names() {
    let folder = folder(&[
        "b.csv",
        "a.JSONL.gz",
        ".hidden.csv",
        "notes.txt",
        "c.csv.gz/x",
        "other/d.csv",
        "mapillary-ada-original/metadata.jsonl",
        "mapillary-ada-original/day/e.csv",
    ]);
    let mut notes = Vec::new();
    let files = row_files(folder.path(), &mut notes).unwrap();
    let names: Vec<_> = files.iter().map(|it| it.strip_prefix(folder.path()).unwrap()).collect();
    assert_eq!(
        names,
        ["a.JSONL.gz", "b.csv", "mapillary-ada-original/metadata.jsonl"].map(Path::new)
    );
    assert_eq!(notes, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn what_is_named_like_rows_and_is_no_plain_file_is_said_and_not_read() {
    let folder = folder(&["a.csv"]);
    open::make_fifo(&folder.path().join("b.csv"));
    let mut notes = Vec::new();
    assert_eq!(row_files(folder.path(), &mut notes).unwrap(), [folder.path().join("a.csv")]);
    assert!(notes.len() == 1 && notes[0].contains("b.csv' is not read: it is a FIFO"), "{notes:?}");
}

#[test]
fn uploaded_rows_are_found_once_where_the_inbox_is_the_archive() {
    let folder = folder(&["uploads/7/uploaded.jsonl", "8/uploaded.jsonl", "8/other.jsonl"]);
    let (dir, inbox) = (folder.path(), folder.path().join("uploads"));
    let own = dir.join("8/uploaded.jsonl");
    assert_eq!(
        uploaded_row_files(dir, &inbox).unwrap(),
        [own.clone(), inbox.join("7/uploaded.jsonl")]
    );
    for inbox in [dir, &dir.join("none")] {
        assert_eq!(uploaded_row_files(dir, inbox).unwrap(), std::slice::from_ref(&own));
    }
}

#[test]
fn the_user_of_a_collection_is_that_of_its_folder_or_the_one_above() {
    let folder = folder(&["mapillary-ada-original/a.jsonl", "mapillary-ada-original/x/y/b.jsonl"]);
    let user = |name: &str| user_of(&folder.path().join(name));
    assert_eq!(user("mapillary-ada-original/a.jsonl").as_deref(), Some("ada"));
    assert_eq!(user("mapillary-ada-original/x/y/b.jsonl"), None);
    assert_eq!(user("none.jsonl"), None);
}
