use super::*;

fn point() -> TrackPoint {
    TrackPoint::new(ErrorLocation::Line(1), Position::new(9.0, 54.0).ok())
}

#[test]
fn measures_that_cannot_be_are_absent_and_the_first_one_counts() {
    for speed_mps in [-1.0, f64::NAN, f64::INFINITY] {
        let mut point = point();
        point.set_speed_mps(Some(speed_mps));
        assert_eq!(point.speed_kmh, None, "{speed_mps}");
    }
    for course_deg in [-0.1, 360.1, f64::NAN, f64::INFINITY] {
        let mut point = point();
        point.set_course(Some(course_deg));
        assert_eq!(point.course_deg, None, "{course_deg}");
    }
    let mut point = point();
    [None, Some(10.0), Some(20.0)].into_iter().for_each(|speed| point.set_speed_mps(speed));
    [None, Some(360.0), Some(20.0)].into_iter().for_each(|course| point.set_course(course));
    assert_eq!((point.speed_kmh, point.course_deg), (Some(36.0), Some(360.0)));
}

#[test]
fn a_time_before_there_were_receivers_is_wrong_and_one_without_a_zone_is_utc() {
    let known = |ms, zone| Time::Known { ms, zone };
    for (text, time) in [
        ("1990-01-01T00:00:00Z", known(scalars::FIRST_MS, Designator::Utc)),
        ("1990-01-01T01:00:00+01:00", known(scalars::FIRST_MS, Designator::Offset)),
        ("1990-01-01T00:00:00", known(scalars::FIRST_MS, Designator::Absent)),
        ("1989-12-31T23:59:59Z", Time::Wrong),
        ("1970-01-01T00:00:00Z", Time::Wrong),
        ("2024-02-30T00:00:00Z", Time::Wrong),
        ("soon", Time::Wrong),
        ("", Time::Absent),
        (" \n", Time::Absent),
    ] {
        assert_eq!(Time::from_text(text), time, "{text}");
    }
    assert_eq!(Time::from_ms(scalars::FIRST_MS), known(scalars::FIRST_MS, Designator::Utc));
    assert_eq!([scalars::FIRST_MS - 1, 0, i64::MIN].map(Time::from_ms), [Time::Wrong; 3]);
}
