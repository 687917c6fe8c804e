//! Tests with generated tracks.

use super::*;
use crate::value::geo::normal_deg;

const LIMITS: Limits =
    Limits { max_gap_s: 60.0, max_gap_m: 50.0, extrapolate_s: 2.0, join_segments: false };

fn at(lon_deg: f64, lat_deg: f64) -> Position {
    Position::new(lon_deg, lat_deg).unwrap()
}

/// The direction of a track at an instant, with fixes as (second, metres east, metres north).
fn travel(fixes: &[(i64, f64, f64)], time_ms: i64) -> Option<(f64, By)> {
    heading(&track(fixes), time_ms)
}

fn track(fixes: &[(i64, f64, f64)]) -> Track {
    let start = at(8.0, 47.0);
    let fix = |&(second, east, north): &(i64, f64, f64)| {
        Fix::new(second * 1000, start.destination(90.0, east).destination(0.0, north))
    };
    Track::new([fixes.iter().map(fix).collect::<Vec<_>>()]).0
}

fn heading(track: &Track, time_ms: i64) -> Option<(f64, By)> {
    let found = track.where_at(time_ms, &LIMITS).unwrap();
    let (deg, by) = travel_deg(track, &found, time_ms, &LIMITS)?;
    Some((normal_deg((deg * 10.0).round() / 10.0), by))
}

#[test]
fn a_track_gives_the_direction_of_the_short_chord() {
    let corner = [(0, 0.0, 0.0), (10, 100.0, 0.0), (20, 100.0, 100.0)];
    assert_eq!(travel(&corner, 5_000), Some((90.0, By::Track)));
    assert_eq!(travel(&corner, 10_000), Some((45.0, By::Track)));
    assert_eq!(travel(&corner, 20_000), Some((0.0, By::Track)));
    assert_eq!(travel(&corner, -1_500), Some((90.0, By::Track)));
    assert_eq!(travel(&corner, 21_500), Some((0.0, By::Track)));
}

#[test]
fn a_track_at_rest_holds_its_last_movement() {
    let rest = [(0, 0.0, 0.0), (10, 100.0, 0.0), (40, 100.0, 0.2), (50, 100.0, 90.0)];
    assert_eq!(travel(&rest, 25_000).unwrap().1, By::Held);
    assert!((travel(&rest, 25_000).unwrap().0 - 90.0).abs() < 0.5);
    assert_eq!(travel(&[(0, 0.0, 0.0), (30, 0.0, 0.1)], 10_000), None);
    assert_eq!(travel(&[(0, 0.0, 0.0)], 0), None);
    assert_eq!(
        travel(&[(0, 0.0, 0.0), (30, 0.1, 0.0), (40, 0.0, 50.0)], 1_000).unwrap().1,
        By::Held
    );
}

#[test]
fn the_chord_does_not_reach_over_a_hole() {
    let hole = [(0, 0.0, 0.0), (10, 100.0, 0.0), (1000, 100.0, 5000.0), (1010, 100.0, 5100.0)];
    assert_eq!(travel(&hole, 10_000), Some((90.0, By::Track)));
    assert_eq!(travel(&hole, 11_000), Some((90.0, By::Track)));
    assert_eq!(travel(&hole, 1_000_000), Some((0.0, By::Track)));
}

/// Ordinary drift of a receiver: an error of 2 m that changes within 30 s, as metres east and north for each
/// second.
fn drift(seed: u64, seconds: usize) -> Vec<(f64, f64)> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut normal = move || (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
    let keep = (-1.0f64 / 30.0).exp();
    let step = 2.0 * (1.0 - keep * keep).sqrt();
    let mut error = (2.0 * normal(), 2.0 * normal());
    let mut next = || {
        error = (error.0 * keep + step * normal(), error.1 * keep + step * normal());
        error
    };
    (0..seconds).map(|_| next()).collect()
}

#[test]
fn drift_at_a_stop_turns_no_direction() {
    for (seed, speed_mps) in (0..40).zip([1.4, 5.0, 12.0].into_iter().cycle()) {
        let noise = drift(seed, 420);
        // One minute eastward, five minutes of rest, one minute northward.
        let fix = |s: usize| {
            let (east, north) =
                (s.min(60) as f64 * speed_mps, s.saturating_sub(360) as f64 * speed_mps);
            (s as i64, east + noise[s].0, north + noise[s].1)
        };
        let track = track(&(0..420).map(fix).collect::<Vec<_>>());
        let found: Vec<(f64, By)> =
            (66..355).map(|s| heading(&track, s * 1000 + 500).unwrap()).collect();
        let held = found[0];
        assert_eq!(held.1, By::Held, "seed {seed}");
        assert!((held.0 - 90.0).abs() < 45.0, "seed {seed}: {held:?}");
        let odd = found.iter().filter(|&&other| other != held).count();
        assert_eq!(odd, 0, "seed {seed}: {found:?}");
    }
}

#[test]
fn who_creeps_on_has_a_direction_of_his_own() {
    // A walk eastward, then 0.3 m/s northward.
    let fix = |s: i64| (s, s.min(60) as f64 * 1.4, (s - 60).max(0) as f64 * 0.3);
    let fixes: Vec<(i64, f64, f64)> = (0..300).map(fix).collect();
    let (deg, by) = travel(&fixes, 200_000).unwrap();
    assert!(by == By::Held && deg.min(360.0 - deg) < 1.0, "{deg}");
}

#[test]
fn between_joined_segments_the_way_from_one_to_the_other_counts_unless_it_is_noise() {
    for (east_m, heading) in [(50.0, Some((90.0, By::Track))), (0.9, None)] {
        let start = at(8.0, 47.0);
        let fixes = [Fix::new(0, start), Fix::new(10_000, start.destination(90.0, east_m))];
        let track = Track::new(fixes.map(|fix| vec![fix])).0;
        let limits = Limits { join_segments: true, ..LIMITS };
        let found = track.where_at(5_000, &limits).unwrap();
        let found = travel_deg(&track, &found, 5_000, &limits);
        assert_eq!(found.map(|(deg, by)| (deg.round(), by)), heading, "{east_m} m");
    }
}

#[test]
fn a_chord_shorter_than_the_noise_is_widened() {
    let corner = [(0, 0.0, 0.0), (1, 0.0, 0.9), (2, 0.9, 0.9), (3, 1.8, 0.9), (4, 2.7, 0.9)];
    assert_eq!(travel(&corner, 0), Some((71.6, By::Track)));
}

#[test]
fn a_stop_of_minutes_within_the_limits_is_part_of_the_way() {
    assert_eq!(
        travel(&[(0, 0.0, 0.0), (10, 12.0, 0.0), (200, 28.0, 0.0)], 10_000),
        Some((90.0, By::Held))
    );
}

#[test]
fn a_short_way_after_a_rest_gives_the_direction_of_the_rest() {
    let fixes = [(0, 0.0, 0.0), (30, 0.1, 0.0), (34, 4.0, 0.0)];
    assert_eq!(travel(&fixes, 10_000), Some((90.0, By::Held)));
}

#[test]
fn a_u_turn_and_a_roundabout_are_no_standstill() {
    // A walk and a car, each a fix a second, turning after 20 seconds.
    for step_m in [1.7, 3.0, 11.0] {
        let fix = |s: i64| (s, 0.0, (20 - (s - 20).abs()) as f64 * step_m);
        let track = track(&(0..41).map(fix).collect::<Vec<_>>());
        for half_s in 10..60 {
            let expected = if half_s < 40 { 0.0 } else { 180.0 };
            let found = heading(&track, half_s * 500);
            assert_eq!(found, Some((expected, By::Track)), "{step_m} m, {half_s} half seconds");
        }
    }
    let on_circle = |s: i64| {
        let (sin, cos) = (s as f64 * std::f64::consts::FRAC_PI_4).sin_cos();
        (s, 15.0 * sin, 15.0 * cos)
    };
    let track = track(&(0..33).map(on_circle).collect::<Vec<_>>());
    for s in 4..29 {
        let expected = normal_deg(90.0 + 45.0 * s as f64);
        assert_eq!(heading(&track, s * 1000), Some((expected, By::Track)), "second {s}");
    }
}
