use super::*;
use crate::format::ErrorLocation;
use crate::format::track::scalars::Designator;

fn point(values: &[(Leaf, &str)]) -> TrackPoint {
    let mut point = TrackPoint::new(ErrorLocation::Line(1), None);
    values.iter().for_each(|(leaf, value)| leaf.set(&mut point, value));
    point
}

#[test]
fn the_first_value_that_can_be_read_counts() {
    let noon = Time::Known { ms: 1_714_564_800_000, zone: Designator::Utc };
    for (times, expected) in [
        (&["2024-05-01T12:00:00Z", "2001-01-01T00:00:00Z"][..], noon),
        (&["noon", "2024-05-01T12:00:00Z"], noon),
        (&["", "2024-05-01T12:00:00Z"], noon),
        (&["2024-05-01T12:00:00Z", "", "noon"], noon),
        (&["noon"], Time::Wrong),
        (&[" "], Time::Absent),
        (&[], Time::Absent),
    ] {
        let values: Vec<_> = times.iter().map(|time| (Leaf::Time, *time)).collect();
        assert_eq!(point(&values).time, expected, "{times:?}");
    }
    for leaf in [Leaf::Ele, Leaf::Hdop, Leaf::Speed, Leaf::Course] {
        let found = point(&[(leaf, "high"), (leaf, ""), (leaf, "10"), (leaf, "20")]);
        let numbers = [found.ele_m, found.hdop, found.speed_kmh, found.course_deg];
        let expected = if leaf == Leaf::Speed { 36.0 } else { 10.0 };
        assert_eq!(numbers.iter().flatten().collect::<Vec<_>>(), [&expected]);
    }
}

#[test]
fn a_height_may_be_negative_and_a_dilution_or_a_speed_may_not() {
    let of = |value: &str| {
        let all = [Leaf::Ele, Leaf::Hdop, Leaf::Speed, Leaf::Course].map(|leaf| (leaf, value));
        let point = point(&all);
        (point.ele_m, point.hdop, point.speed_kmh, point.course_deg)
    };
    assert_eq!(of("-12,5"), (Some(-12.5), None, None, None));
    assert_eq!(of("0"), (Some(0.0), Some(0.0), Some(0.0), Some(0.0)));
    assert_eq!(of("-0.0"), (Some(0.0), Some(0.0), Some(0.0), Some(0.0)));
    assert_eq!(of("360.5"), (Some(360.5), Some(360.5), Some(1297.8), None));
    assert_eq!(of("1e400"), (None, None, None, None));
}

#[test]
fn names_are_told_apart_in_their_case() {
    let named = |name: &str| Leaf::named(name.as_bytes()).is_some();
    assert!(["time", "ele", "hdop", "speed", "course"].into_iter().all(named));
    assert!(
        !["Time", "vdop", "pdop", "bearing", "geoidheight", "magvar", ""].into_iter().any(named)
    );
}
