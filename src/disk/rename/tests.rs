use super::*;

#[test]
fn a_name_that_is_taken_stays() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|name| folder.path().join(name));
    fs::write(&a, "a").unwrap();
    fs::write(&b, "b").unwrap();
    assert_eq!(to_free_name(&a, &b).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    to_free_name(&a, &c).unwrap();
    assert_eq!((fs::read(&b).unwrap(), fs::read(&c).unwrap()), (b"b".to_vec(), b"a".to_vec()));
    if exchange(&b, &c).unwrap() {
        assert_eq!(fs::read(&b).unwrap(), b"a");
    }
}
