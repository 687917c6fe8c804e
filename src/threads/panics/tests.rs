use super::*;

#[test]
fn a_panic_is_an_error_with_its_words() {
    assert_eq!(caught(|| 7), Ok(7));
    for caught in [caught(|| panic!("no row")), caught(|| panic!("no {}", "row"))] {
        let said: Panic = caught.unwrap_err();
        assert_eq!(said.to_string(), "internal error: no row; this is a bug, please report it");
    }
}

#[test]
fn code_of_others_is_marked_while_it_runs_and_after_its_panic_no_more() {
    assert_eq!(caught_foreign(|| (is_foreign(), caught_foreign(is_foreign))), Ok((true, Ok(true))));
    assert!(caught_foreign(|| panic!("a negative offset")).is_err());
    assert!(!is_foreign());
}
