use super::*;

#[test]
fn numbers_of_system_errors_are_left_out_and_other_brackets_stay() {
    for (text, shown) in [
        ("cannot open 'a': Permission denied (os error 13)", "cannot open 'a': Permission denied"),
        ("a (os error 2): b (os error 28)", "a: b"),
        ("an (os error x) of one's own", "an (os error x) of one's own"),
        ("no (os error 2", "no (os error 2"),
    ] {
        assert_eq!(without_codes(text), shown);
    }
}

#[test]
fn one_of_a_kind_is_in_the_singular() {
    for (number, plural, text) in [
        (1, "rows", "1 row"),
        (0, "rows", "0 rows"),
        (2_000, "pages", "2,000 pages"),
        (1, "repeats dropped", "1 repeat dropped"),
        (1, "searches", "1 search"),
        (1, "boxes", "1 box"),
        (1, "entries of lists", "1 entry of lists"),
        (1, "compasses more than 45 degrees off", "1 compass more than 45 degrees off"),
        (1, "known", "1 known"),
        (1, "without a place", "1 without a place"),
        (1, "", "1 "),
    ] {
        assert_eq!(counted(number, plural), text);
    }
}

#[test]
fn digits_stand_in_groups_and_sizes_have_the_unit_that_suits() {
    assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    let sizes = [0, 999, 1_500_000, 20_000_000_000, 3_000_000_000_000_000].map(bytes);
    assert_eq!(sizes, ["0 B", "999 B", "1.5 MB", "20 GB", "3.0 PB"]);
}

#[test]
fn a_span_has_its_two_largest_units() {
    let spans = [5_000, 840_000, 845_000, 8_100_000, 7_168 * 86_400_000].map(span);
    assert_eq!(spans, ["5 s", "14 min", "14 min 5 s", "2 h 15 min", "7,168 days"]);
}
