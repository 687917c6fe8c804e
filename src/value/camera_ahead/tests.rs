use super::*;

fn local(text: &str) -> LocalTime {
    text.parse().unwrap()
}

fn pair(text: &str) -> SyncPair {
    match parse_sync(text).unwrap() {
        (gps, Shown::Time(camera)) => SyncPair { gps, camera },
        other => panic!("{other:?}"),
    }
}

fn corrected(clock: &ClockError, text: &str) -> String {
    clock.corrected(local(text)).unwrap().to_string()
}

#[test]
fn a_clock_that_is_ahead_is_set_back_and_one_behind_forward() {
    let ahead = ClockError::constant(10.25);
    assert_eq!(corrected(&ahead, "2024-05-01T12:00:10.25"), "2024-05-01T12:00:00.000");
    assert_eq!(
        corrected(&ClockError::constant(-3.0), "2024-05-01T12:00:00"),
        "2024-05-01T12:00:03"
    );
    assert_eq!(corrected(&ClockError::default(), "2024-05-01T12:00:00"), "2024-05-01T12:00:00");
}

#[test]
fn one_pair_is_constant_and_needs_the_zone_only_for_an_instant() {
    let berlin: Zone = "Europe/Berlin".parse().unwrap();
    for text in [
        "2024-05-01T10:00:00Z=2024-05-01T12:00:10",
        "2024-05-01T12:00:00=2024:05:01 12:00:10",
        "2024:05:01 12:00:00 = 2024-05-01 12:00:10",
    ] {
        let clock = ClockError::from_pairs(&[pair(text)], berlin).unwrap();
        assert_eq!(corrected(&clock, "2024-05-02T08:00:10"), "2024-05-02T08:00:00");
    }
}

#[test]
fn two_pairs_are_a_drift_beyond_the_ends_too() {
    let pairs = [
        pair("2024-05-01T16:00:00=2024-05-01T16:00:20"),
        pair("2024-05-01T08:00:00=2024-05-01T08:00:10"),
    ];
    let clock = ClockError::from_pairs(&pairs, Zone::UTC).unwrap();
    let ahead_s = |text: &str| (clock.ahead_ms(local(text).clock_ms()) as f64) / 1000.0;
    assert_eq!(ahead_s("2024-05-01T08:00:10"), 10.0);
    assert_eq!(ahead_s("2024-05-01T12:00:15"), 15.0);
    assert!((ahead_s("2024-05-02T00:00:30") - 30.0).abs() < 0.002);
    assert!((ahead_s("2024-05-01T00:00:00") - 0.0).abs() < 0.002);
}

#[test]
fn three_pairs_bend_the_drift() {
    let pairs = [
        pair("2024-05-01T08:00:00=2024-05-01T08:00:00"),
        pair("2024-05-01T09:00:00=2024-05-01T09:00:10"),
        pair("2024-05-01T10:00:00=2024-05-01T10:00:10"),
    ];
    let clock = ClockError::from_pairs(&pairs, Zone::UTC).unwrap();
    let ahead_ms = |text: &str| clock.ahead_ms(local(text).clock_ms());
    assert_eq!(ahead_ms("2024-05-01T08:30:05"), 5_000);
    assert_eq!(ahead_ms("2024-05-01T11:00:10"), 10_000);
}

#[test]
fn the_zone_is_likely_a_whole_quarter_of_an_hour() {
    let offset_s = |text: &str| pair(text).likely_offset_s();
    assert_eq!(offset_s("2024-05-01T10:00:00Z=2024-05-01T12:00:10"), Some(7_200));
    assert_eq!(offset_s("2024-05-01T10:00:00Z=2024-05-01T15:42:00"), Some(20_700));
    assert_eq!(offset_s("2024-05-01T10:00:00Z=2024-05-01T06:29:50"), Some(-12_600));
    assert_eq!(offset_s("2024-05-01T10:00:00=2024-05-01T12:00:10"), None);
}

#[test]
fn pairs_that_contradict_each_other_are_refused() {
    let twice = [
        pair("2024-05-01T10:00:00=2024-05-01T12:00:00"),
        pair("2024-05-01T10:00:05=2024-05-01T12:00:00"),
    ];
    let backwards = [
        pair("2024-05-01T10:00:10=2024-05-01T12:00:00"),
        pair("2024-05-01T10:00:00=2024-05-01T12:00:05"),
    ];
    for pairs in [twice, backwards] {
        assert!(ClockError::from_pairs(&pairs, Zone::UTC).is_err(), "{pairs:?}");
    }
    assert!(ClockError::from_pairs(&[twice[0], twice[0]], Zone::UTC).is_ok());
}

#[test]
fn a_photo_may_stand_for_the_time() {
    let (_, shown) = parse_sync("2024-05-01T10:00:00Z=card/IMG 1.JPG").unwrap();
    assert_eq!(shown, Shown::Photo(String::from("card/IMG 1.JPG")));
    for text in ["", "x", "noon=2024-05-01T12:00:00", "2024-05-01=a.jpg", "2024-05-01T10:00:00Z="] {
        assert!(parse_sync(text).is_err(), "{text}");
    }
}

#[test]
fn a_camera_is_so_many_seconds_ahead_or_that_is_to_be_found() {
    let ahead = |text: &str| text.parse::<CameraAhead>().unwrap();
    assert_eq!((ahead("-1.5"), ahead("auto")), (CameraAhead::Seconds(-1.5), CameraAhead::Auto));
    assert_eq!([ahead("-1.5"), ahead("auto")].map(CameraAhead::known_s), [-1.5, 0.0]);
    for wrong in ["", "soon", "nan", "inf"] {
        assert!(wrong.parse::<CameraAhead>().is_err(), "{wrong}");
    }
}
