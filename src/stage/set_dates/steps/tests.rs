use super::*;

#[test]
fn many_small_steps_add_up_exactly() {
    let step: Interval = "0.033333333".parse().unwrap();
    assert_eq!(step.times_ms(3_000), 100_000);
    let tenth: Interval = "0.1".parse().unwrap();
    assert_eq!(tenth.times_ms(1_000_000), 100_000_000);
}

#[test]
fn what_is_no_start_or_step_is_refused() {
    for text in ["", "2024-05-01", "noon", "2024-05-01T12:0"] {
        assert!(text.parse::<Start>().is_err(), "{text}");
    }
    for text in ["", "-", ".", "1e3", "1.0000000001", "99999999", "--1", "nan"] {
        assert!(text.parse::<Interval>().is_err(), "{text}");
    }
}

#[test]
fn a_step_has_seven_digits_and_nine_decimals_at_most_and_may_go_back() {
    let ms = |text: &str, number| text.parse::<Interval>().unwrap().times_ms(number);
    assert_eq!(ms("9999999.999999999", 1), 10_000_000_000);
    assert_eq!(ms(".5", 3), 1500);
    assert_eq!(ms("-0.0005", 1), 0, "half a millisecond goes up");
    assert_eq!(ms("-0.0015", 1), -1);
    assert_eq!(ms("9999999", u64::MAX), i64::MAX, "beyond the calendar, and no wrap");
}
