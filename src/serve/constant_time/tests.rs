use super::*;

#[test]
fn only_the_same_is_the_same() {
    assert!(is_same("MLY|1|a", "MLY|1|a"));
    for other in ["", "MLY|1|", "MLY|1|b", "MLY|1|aa", "mly|1|a"] {
        assert!(!is_same("MLY|1|a", other), "{other}");
    }
}
