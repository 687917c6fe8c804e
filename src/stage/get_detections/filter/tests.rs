use super::*;

#[test]
fn areas_are_parts_percents_or_pixels() {
    for (text, wanted) in [
        ("0.001", Ok(MinArea::Part(0.001))),
        ("5%", Ok(MinArea::Part(0.05))),
        ("400px", Ok(MinArea::Pixels(400.0))),
        ("0", Ok(MinArea::Part(0.0))),
    ] {
        assert_eq!(text.parse::<MinArea>(), wanted);
    }
    for text in ["", "x", "400", "-1", "nan", "101%", "-3px", "px"] {
        assert!(text.parse::<MinArea>().is_err(), "{text}");
    }
}
