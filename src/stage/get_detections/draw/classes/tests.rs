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
    for text in ["x", "{}", r#"{"classes":[{"id":7,"name":"a"}]}"#] {
        std::fs::write(folder.path().join(FILE), text).unwrap();
        assert!(open().err().unwrap().0.contains("move it away"), "{text}");
    }
}
