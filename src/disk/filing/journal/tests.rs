use super::*;

#[test]
fn a_list_that_leads_elsewhere_is_refused() {
    let with = |folder: &str, name: &str| {
        json!({ "how": "move", "from": "a", "folder": folder, "name": name }).to_string()
    };
    for (folder, name) in
        [("..", "b"), ("s", ".."), ("s/t", "b"), ("s", "b/c"), ("", "b"), (".s", "b")]
    {
        assert!(parse(&with(folder, name)).is_err(), "{folder} {name}");
    }
    for text in ["{}", "x", &with("s", "b/")] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(parse(&with("s", ".b\n'.jpg")).is_ok());
}

#[test]
fn a_list_comes_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    let entry = |how| Entry {
        how,
        from: "/c/a \n\"é.jpg".into(),
        folder: "s".into(),
        name: "a \n\"é.jpg".into(),
    };
    let entries = How::ALL.map(entry);
    write(&list, &entries).unwrap();
    assert_eq!(read(&list).unwrap(), entries);
    assert_eq!(read(&folder.path().join("none")).unwrap(), []);
}
