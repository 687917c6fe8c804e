use super::*;

#[test]
fn decimals_are_as_many_as_needed_and_there_is_no_minus_zero() {
    for (number, decimals, text) in [
        (1.005, 2, "1"),
        (1.25, 1, "1.3"),
        (-0.0004, 3, "0"),
        (-1.5, 0, "-2"),
        (359.99999, 2, "360"),
        (0.1 + 0.2, 8, "0.3"),
    ] {
        assert_eq!(decimal(number, decimals).to_string(), text, "{number} {decimals}");
    }
}

#[test]
fn a_sequence_is_no_folder_of_the_same_name() {
    let sequence = Row::from_cells(&[(Field::SeqId, "a"), (Field::Path, "b/1.jpg")]);
    let folder = Row::from_cells(&[(Field::Path, "a/1.jpg")]);
    assert_ne!(sequence_key(&sequence), sequence_key(&folder));
    let other = Row::from_cells(&[(Field::SeqId, "a"), (Field::Path, "c/2.jpg")]);
    assert_eq!(sequence_key(&sequence), sequence_key(&other));
}
