use super::*;

#[test]
fn what_once_had_a_number_keeps_it_and_a_table_of_others_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Classes::open(Some(folder.path()), None);
    let number = |classes: &mut Classes, name: &str| classes.number(name).ok();
    let mut classes = open().ok().unwrap();
    assert_eq!((number(&mut classes, "b"), number(&mut classes, "a")), (Some(1), Some(2)));
    let mut classes = open().ok().unwrap();
    let again = ["c", "a", "b"].map(|name| number(&mut classes, name));
    assert_eq!(again, [Some(3), Some(2), Some(1)]);
    let twice = r#"{"classes":[{"id":1,"name":"a"},{"id":2,"name":"a"}]}"#;
    for text in ["x", "{}", r#"{"classes":[{"id":7,"name":"a"}]}"#, twice] {
        std::fs::write(folder.path().join(FILE), text).unwrap();
        assert!(open().err().unwrap().0.contains("move it away"), "{text}");
    }
}

/// A class and its number, in the order of the file.
fn table(folder: &Path) -> Vec<(u64, String)> {
    let text = std::fs::read_to_string(folder.join(FILE)).unwrap();
    let table: Value = serde_json::from_str(&text).unwrap();
    let entry = |it: &Value| (it["id"].as_u64().unwrap(), it["name"].as_str().unwrap().to_string());
    table["classes"].as_array().unwrap().iter().map(entry).collect()
}

#[test]
fn a_class_has_one_number_in_all_processes_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Classes::open(Some(folder.path()), None).ok().unwrap();
    let (mut one, mut other, mut third) = (open(), open(), open());
    let number = |classes: &mut Classes, name: &str| classes.number(name).ok().unwrap();
    assert_eq!((number(&mut one, "a"), number(&mut other, "b")), (1, 2));
    assert_eq!((number(&mut one, "c"), number(&mut other, "a")), (3, 1));
    assert_eq!((number(&mut third, "c"), number(&mut third, "d")), (3, 4));
    let wanted = [(1, "a"), (2, "b"), (3, "c"), (4, "d")];
    assert_eq!(table(folder.path()), wanted.map(|(id, name)| (id, name.to_string())));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_process_without_classes_leaves_those_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Classes::open(Some(folder.path()), None).ok().unwrap();
    let (mut empty, mut other) = (open(), open());
    other.number("a").ok().unwrap();
    empty.include([]).ok().unwrap();
    assert_eq!(table(folder.path()), [(1, "a".to_string())]);
    let folder = tempfile::tempdir().unwrap();
    Classes::open(Some(folder.path()), None).ok().unwrap().include([]).ok().unwrap();
    assert_eq!(table(folder.path()), []);
}

#[test]
fn a_class_that_is_not_in_the_table_has_no_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut classes = Classes::open(Some(folder.path()), None).ok().unwrap();
    classes.include(["a", "b", "a"]).ok().unwrap();
    assert_eq!(table(folder.path()), [(1, "a".to_string()), (2, "b".to_string())]);
    // Another program has made a table of its own, or none that can be read.
    for text in [r#"{"classes":[{"id":1,"name":"b"}]}"#, r#"{"classes":[]}"#, "x"] {
        std::fs::write(folder.path().join(FILE), text).unwrap();
        assert!(matches!(classes.number("c"), Err(Failure::Run(_))), "{text}");
        assert_eq!(std::fs::read_to_string(folder.path().join(FILE)).unwrap(), text);
    }
    // A table that was deleted comes back whole.
    std::fs::remove_file(folder.path().join(FILE)).unwrap();
    assert_eq!(classes.number("c").ok(), Some(3));
    assert_eq!(table(folder.path()).len(), 3);
}
