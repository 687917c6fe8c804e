use super::*;

#[test]
fn a_time_is_said_in_seconds_until_two_minutes() {
    for (ms, words) in [
        (400, "0 s"),
        (3_500, "4 s"),
        (119_400, "119 s"),
        (119_500, "2 min"),
        (149_000, "2 min"),
        (150_000, "3 min"),
        (3_600_000, "60 min"),
    ] {
        assert_eq!(spoken(Duration::from_millis(ms)), words, "{ms}");
    }
}
