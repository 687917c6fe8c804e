use super::*;

#[test]
fn a_range_is_said_in_words_and_other_text_stays() {
    for (text, said) in [
        (
            "'0' for '--limit <N>': 0 is not in 1..18446744073709551615\n",
            "'0' for '--limit <N>': not 1 or more\n",
        ),
        ("'14' for '--min-zoom': 14 is not in 0..=13", "'14' for '--min-zoom': not from 0 to 13"),
        (
            "'-1' for '--retries': -1 is not in 0..=4294967295",
            "'-1' for '--retries': not 0 or more",
        ),
        ("'-3': -3 is not in 1..", "'-3': not 1 or more"),
    ] {
        assert_eq!(range_in_words(text).as_deref(), Some(said));
    }
    for text in ["'x' is not in the list", "nothing", "1 is not in "] {
        assert_eq!(range_in_words(text), None, "{text}");
    }
}
