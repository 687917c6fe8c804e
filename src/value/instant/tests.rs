use super::*;

#[test]
fn a_date_is_the_start_of_its_day_in_utc() {
    assert_eq!(parse_instant_ms("1970-01-02"), Ok(86_400_000));
    assert_eq!(parse_instant_ms("1970-01-01T02:00:00.5+02:00"), Ok(500));
}

#[test]
fn a_time_without_a_zone_is_no_instant() {
    for text in ["", "2024", "2024-13-01", "2024-05-01T12:00:00", "yesterday"] {
        assert!(parse_instant_ms(text).unwrap_err().to_string().contains(&format!("'{text}'")));
    }
}

#[test]
fn an_instant_is_written_with_the_milliseconds_it_has() {
    assert_eq!(format_instant(0).unwrap(), "1970-01-01T00:00:00Z");
    assert_eq!(format_instant(-1).unwrap(), "1969-12-31T23:59:59.999Z");
    assert_eq!(format_instant(i64::MAX), None);
}

#[test]
fn a_local_time_keeps_its_fraction() {
    for text in [
        "2024-05-01T12:00:00",
        "2024-05-01T12:00:00.25",
        "2024-05-01T12:00:00.250",
        "2024-05-01T12:00:00.000",
        "2024-05-01T12:00:00.050000001",
    ] {
        assert_eq!(text.parse::<LocalTime>().unwrap().to_string(), text);
    }
    let half: LocalTime = "2024-05-01 12:00:00.5".parse().unwrap();
    assert_eq!(half.clock_ms() % 1000, 500);
    assert_eq!(half.moved_ms(1_000).unwrap().to_string(), "2024-05-01T12:00:01.5");
    assert_eq!(half.moved_ms(-501).unwrap().to_string(), "2024-05-01T11:59:59.999");
}

#[test]
fn what_is_no_local_time_is_refused() {
    for text in [
        "",
        "2024-05-01",
        "2024-05-01T12:00:00.",
        "2024-05-01T12:00:00.5Z",
        "2024-05-01T12:00:00+02:00",
        "0000:00:00 00:00:00",
    ] {
        assert!(text.parse::<LocalTime>().is_err(), "{text}");
    }
}

#[test]
fn a_clock_shows_an_instant_by_its_offset() {
    assert_eq!(LocalTime::at(250, 7_200).unwrap().to_string(), "1970-01-01T02:00:00.250");
}

#[test]
fn a_second_of_sixty_is_the_next_minute_in_any_spelling() {
    for text in ["2016-12-31T23:59:60", "2016-12-31 23:59:60", "2016:12:31 23:59:60"] {
        let time: LocalTime = text.parse().unwrap();
        assert_eq!(time.to_string(), "2017-01-01T00:00:00", "{text}");
        assert_eq!(parse_instant_ms(&format!("{text}Z")), Ok(time.clock_ms()), "{text}");
    }
    for text in ["2024-05-01T12:00:60.5", "2024:05:01 12:00:60.5", "2024-05-01T12:00:61"] {
        assert!(text.parse::<LocalTime>().is_err(), "{text}");
    }
}
