use super::*;

#[test]
fn names_come_back_by_their_numbers() {
    let mut interner = Interner::new();
    assert_eq!(["ada", "", "ada", "b\nc"].map(|name| interner.number(name)), [1, 2, 1, 3]);
    interner.set_first("owner");
    let names = Names::read(&interner.to_bytes()).unwrap();
    let all: Vec<_> = (0..5).map(|number| names.get(number)).collect();
    assert_eq!(all, [Some("owner"), Some("ada"), Some(""), Some("b\nc"), None]);
    assert!(Names::read(&interner.to_bytes()[..6]).is_err());
}
