use super::*;

#[test]
fn a_long_text_is_cut_and_stays_on_one_line() {
    assert_eq!(quoted("a\nb\u{1b}"), "'a\\nb\\u{1b}'");
    assert_eq!(short(&"é".repeat(60)), "é".repeat(60));
    assert_eq!(short(&"é".repeat(61)), "é".repeat(60) + "...");
    assert_eq!(list(["lon", "lat"]), "lon, lat");
    let many: Vec<String> = (0..4096).map(|at| format!("column {at}")).collect();
    let shown = list(many.iter().map(String::as_str));
    assert!(shown.len() < 600 && shown.ends_with(" more"), "{shown}");
    assert_eq!(shown.matches("column").count(), 38);
    assert!(shown.ends_with(", and 4058 more"), "all are counted: {shown}");
}

#[test]
fn a_message_is_without_codes_and_without_tokens() {
    for (text, shown) in [
        ("cannot open 'a'", "cannot open 'a'"),
        ("it is full (os error 28)", "it is full"),
        ("'MLY|12|0aB' is not a name", "'MLY|12|(hidden)' is not a name"),
        ("access_token=ab is refused (os error 5)", "access_token=(hidden) is refused"),
    ] {
        assert_eq!(message(text), shown);
    }
}

#[test]
fn only_a_number_with_one_comma_is_written_with_a_point() {
    assert_eq!(decimal_comma(" 9,5 "), ": write it with a point, 9.5");
    for other in ["9.5", "1,234,567", "nan", "in,f", "a,b", ""] {
        assert_eq!(decimal_comma(other), "", "{other}");
    }
}

#[test]
fn characters_that_change_how_a_line_is_shown_are_escaped() {
    assert_eq!(short("a\u{202e}b\u{2028}c\u{2069}\n"), r"a\u{202e}b\u{2028}c\u{2069}\n");
    assert_eq!(short("\u{5e9}\u{200f} e\u{301}"), "\u{5e9}\u{200f} e\u{301}");
}
