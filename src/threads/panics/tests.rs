use super::*;

#[test]
fn a_panic_is_an_error_with_its_words() {
    assert_eq!(caught(|| 7), Ok(7));
    for caught in [caught(|| panic!("no row")), caught(|| panic!("no {}", "row"))] {
        let said: Panic = caught.unwrap_err();
        assert_eq!(said.to_string(), "internal error: no row; this is a bug, please report it");
    }
}
