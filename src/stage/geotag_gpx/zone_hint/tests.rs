use super::*;
use crate::value::geo::Position;
use crate::value::provenance::ZoneBy;
use crate::value::track::Fix;

fn ride() -> Track {
    let fix = |s: i64| Fix::new(s * 1000, Position::new(8.0 + s as f64 * 1e-5, 50.0).unwrap());
    Track::new([(0..600).map(fix).collect()]).0
}

fn moment(captured_ms: i64, by: ZoneBy) -> Moment {
    Moment { captured_ms, or_ms: None, zone: Some((Zone::UTC, by)), is_moved: false }
}

#[test]
fn a_track_in_local_time_is_known_by_photos_that_are_sure_of_their_zone() {
    // The ride is in Germany, where clocks were an hour ahead in 1970.
    let mut tried = PlacementStats::default();
    (0..10).for_each(|at| tried.add(&moment(at * 30_000 - 3_600_000, ZoneBy::Offset), false));
    let hint = tried.hint(&ride(), &Limits::default()).unwrap();
    assert!(hint.contains("with --track-zone Europe/Berlin it would be 10"), "{hint}");
}

#[test]
fn a_zone_that_is_two_hours_off_is_found() {
    let mut tried = PlacementStats::default();
    (0..10).for_each(|at| tried.add(&moment(at * 30_000 + 7_200_000, ZoneBy::Track), false));
    let hint = tried.hint(&ride(), &Limits::default()).unwrap();
    assert!(hint.contains("0 of 10") && hint.contains("--zone +02:00"), "{hint}");
}

#[test]
fn photos_that_fit_bring_no_hint() {
    let mut tried = PlacementStats::default();
    (0..10).for_each(|at| tried.add(&moment(at * 30_000, ZoneBy::Track), true));
    assert_eq!(tried.hint(&ride(), &Limits::default()), None);
}

#[test]
fn photos_of_another_year_are_told_with_their_times() {
    let mut elsewhere = PlacementStats::default();
    elsewhere.add(&moment(1 << 40, ZoneBy::Track), false);
    let hint = elsewhere.hint(&ride(), &Limits::default()).unwrap();
    assert!(hint.contains("from 1970-01-01T00:00:00Z to 1970-01-01T00:09:59Z"), "{hint}");
    assert!(hint.contains("photos from 2004-11-03T19:53:47.776Z"), "{hint}");
}
