use serde_json::json;

use super::*;

#[test]
fn a_number_that_overflowed_is_brought_back_and_one_that_cannot_be_a_place_is_none() {
    let place = |lat: i64, lon: i64| {
        e7_place(&json!(lat), &json!(lon)).map(|place| (place.lat_deg(), place.lon_deg()))
    };
    for (lat, lon, expected) in [
        (475_000_000, 82_500_000, Some((47.5, 8.25))),
        (-475_000_000, -82_500_000, Some((-47.5, -8.25))),
        (900_000_000, 1_800_000_000, Some((90.0, 180.0))),
        (-900_000_000, -1_800_000_000, Some((-90.0, -180.0))),
        ((1 << 32) - 475_000_000, (1 << 32) - 82_500_000, Some((-47.5, -8.25))),
        (900_000_001, 0, None),
        (0, 1_800_000_001, None),
    ] {
        assert_eq!(place(lat, lon), expected, "{lat} {lon}");
    }
    assert_eq!(e7_place(&json!("475000000"), &json!(1)), None);
    assert_eq!(e7_place(&json!(null), &json!(1)), None);
}

#[test]
fn minutes_are_counted_from_a_time_that_is_known() {
    let start = json!("2024-05-01T12:00:00Z");
    let Time::Known { ms: noon_ms, .. } = json_scanner::time(&start) else { panic!() };
    let ms = |minutes: Value| match later(&start, &minutes) {
        Time::Known { ms, .. } => Some((ms - noon_ms) / MINUTE_MS),
        _ => None,
    };
    assert_eq!(ms(json!(7)), Some(7));
    assert_eq!(ms(json!(" 7 ")), Some(7));
    assert_eq!(ms(json!(-7)), Some(-7));
    assert_eq!(ms(json!((1_i64 << 32) - 1)), Some((1 << 32) - 1));
    for wrong in [json!(1_i64 << 32), json!(i64::MIN + 1), json!(7.5), json!("seven"), json!(null)]
    {
        assert_eq!(later(&start, &wrong), Time::Absent, "{wrong}");
    }
    assert_eq!(later(&json!("noon"), &json!(7)), Time::Wrong);
    assert_eq!(later(&json!(null), &json!(7)), Time::Absent);
}

#[test]
fn a_place_has_its_latitude_first() {
    let place = |text: &str| lat_lng(text).map(|place| (place.lat_deg(), place.lon_deg()));
    for text in ["47.5°, -8.25°", "geo:47.5,-8.25", " 47.5,-8.25 ", "47.5°,-8.25"] {
        assert_eq!(place(text), Some((47.5, -8.25)), "{text}");
    }
    for text in ["", "47.5", "47.5;8.25", "north, east", "97.5, 8.25", "47.5°, 8.25°, 1"] {
        assert_eq!(place(text), None, "{text}");
    }
    let both = json!({"new": 1, "old": 2});
    assert_eq!((either(&both, "new", "old"), either(&both, "none", "old")), (&json!(1), &json!(2)));
}
