use super::*;
use crate::value::geo::Position;

/// A fix each second, 10 m/s to the east, offset to the north by `off` metres.
fn ride(seconds: i64, off: impl Fn(i64) -> f64) -> Vec<Fix> {
    let start = Position::new(8.0, 50.0).unwrap();
    let fix = |s: i64| {
        Fix::new(s * 1000, start.destination(90.0, s as f64 * 10.0).destination(0.0, off(s)))
    };
    (0..seconds).map(fix).collect()
}

fn cleaned(segment: Vec<Fix>, max_mps: f64) -> (Vec<i64>, TrackCleaning) {
    let mut cleaning = TrackCleaning::default();
    let fixes = clean(segment, 0, max_mps, &mut cleaning);
    (fixes.iter().map(|fix| fix.time_ms / 1000).collect(), cleaning)
}

#[test]
fn a_place_that_no_vehicle_reaches_is_left_out_for_as_long_as_it_lasts() {
    for wrong in [1, 5] {
        let is_wild = |s: i64| (20..20 + wrong).contains(&s);
        let segment = ride(60, |s| if is_wild(s) { 111_000.0 } else { 0.0 });
        let (times, cleaning) = cleaned(segment, FASTEST_MPS);
        assert_eq!(times, (0..60).filter(|&s| !is_wild(s)).collect::<Vec<_>>());
        assert_eq!(cleaning.wild, wrong as u64);
        assert!((cleaning.wild_mps - 111_000.0).abs() < 10.0);
    }
}

#[test]
fn a_first_place_from_the_night_before_is_left_out() {
    let (times, cleaning) = cleaned(ride(60, |s| if s < 3 { 5_000.0 } else { 0.0 }), FASTEST_MPS);
    assert_eq!((times[0], cleaning.wild), (3, 3));
}

#[test]
fn a_plane_flies_with_the_flag_and_noise_is_no_jump() {
    let plane = |s: i64| s as f64 * 240.0;
    assert_eq!(cleaned(ride(60, plane), 300.0).1, TrackCleaning::default());
    assert!(cleaned(ride(60, plane), FASTEST_MPS).1.wild > 0);
    let noise = |s: i64| if s % 7 == 0 { 40.0 } else { 0.0 };
    assert_eq!(cleaned(ride(60, noise), FASTEST_MPS).1, TrackCleaning::default());
}

#[test]
fn a_few_wrong_dates_are_counted_as_what_they_are() {
    let mut segment = ride(600, |_| 0.0);
    segment[50..54].iter_mut().for_each(|fix| fix.time_ms += 86_400_000);
    let (times, cleaning) = cleaned(segment, FASTEST_MPS);
    assert_eq!((times.len(), cleaning.strays, cleaning.sorted), (596, 4, 0));
}

#[test]
fn two_halves_in_the_wrong_order_are_put_right() {
    let mut segment = ride(100, |_| 0.0);
    segment.rotate_left(60);
    let (times, cleaning) = cleaned(segment, FASTEST_MPS);
    assert_eq!((times, cleaning.sorted), ((0..100).collect(), 40));
}
