use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

#[test]
fn a_clock_that_goes_back_twelve_hours_has_passed_midnight() {
    for (last, next, expected) in [
        ("23:59:59", "00:00:00", "2024-03-01"),
        ("12:00:00", "00:00:00", "2024-03-01"),
        ("12:00:00", "00:00:01", "2024-02-29"),
        ("12:00:00", "11:59:59", "2024-02-29"),
        ("12:00:00", "12:00:00", "2024-02-29"),
        ("00:00:00", "23:59:59", "2024-02-29"),
    ] {
        let found = day_after(day("2024-02-29"), time(last), time(next));
        assert_eq!(found, Some(day(expected)), "{last} {next}");
    }
    assert_eq!(day_after(NaiveDate::MAX, time("23:00:00"), time("01:00:00")), None);
}

#[test]
fn the_nearest_day_is_at_most_half_a_day_away() {
    let near_ms = day("2024-05-02").and_time(time("08:00:00")).and_utc().timestamp_millis();
    for (clock, expected) in [
        ("08:00:00", "2024-05-02"),
        ("00:00:00", "2024-05-02"),
        ("19:59:59", "2024-05-02"),
        ("20:00:01", "2024-05-01"),
        ("23:59:59", "2024-05-01"),
    ] {
        assert_eq!(nearest_day(near_ms, time(clock)), Some(day(expected)), "{clock}");
    }
    let late_ms = near_ms + 12 * 3_600_000;
    assert_eq!(nearest_day(late_ms, time("07:59:59")), Some(day("2024-05-03")));
    assert_eq!(nearest_day(late_ms, time("08:00:01")), Some(day("2024-05-02")));
    assert_eq!(nearest_day(i64::MAX, time("08:00:00")), None);
}
