use super::super::geo::Position;
use super::*;

fn fix(time_s: i64, lon_deg: f64) -> Fix {
    Fix::new(time_s * 1000, Position::new(lon_deg, 50.0).unwrap())
}

fn times(track: &Track) -> Vec<i64> {
    track.fixes().iter().map(|fix| fix.time_ms / 1000).collect()
}

#[test]
fn a_fix_takes_forty_bytes() {
    assert_eq!(size_of::<Fix>(), 40);
}

#[test]
fn a_measure_comes_back_as_it_was_written() {
    assert_eq!(Measure::from(Some(12.3)).get(), Some(12.3));
    assert_eq!(Measure::from(Some(0.0)).get(), Some(0.0));
    assert_eq!(Measure::UNKNOWN.get(), None);
}

#[test]
fn unordered_and_doubled_fixes_are_put_right_and_counted() {
    let segment = vec![fix(3, 1.0003), fix(1, 1.0001), fix(2, 1.0002), fix(2, 1.0002)];
    let (track, cleaning) = Track::new([segment]);
    assert_eq!(times(&track), [1, 2, 3]);
    assert_eq!(cleaning, TrackCleaning { sorted: 1, doubled: 1, ..Default::default() });
}

#[test]
fn fixes_of_one_instant_at_two_places_are_counted_apart_from_doubled_ones() {
    // 0.001 degrees of longitude are 71.5 m here.
    let one = vec![fix(1, 1.0), fix(1, 1.0001), fix(2, 1.0), fix(2, 1.001)];
    let other = vec![fix(5, 1.0), fix(5, 1.002), fix(6, 1.0), fix(6, 0.9999)];
    let (track, cleaning) = Track::of_sources([(0, one), (7, other)], FASTEST_MPS);
    assert_eq!(times(&track), [1, 2, 5, 6]);
    assert!(track.fixes().iter().all(|fix| fix.position.lon_deg() == 1.0));
    assert_eq!((cleaning.doubled, cleaning.apart), (2, 2));
    let farthest = cleaning.farthest.unwrap();
    assert_eq!((farthest.time_ms, farthest.source), (5000, 7));
    assert!((farthest.distance_m - 143.0).abs() < 0.5, "{farthest:?}");
}

#[test]
fn a_clock_that_jumps_back_to_another_place_is_left_out() {
    let segment = vec![fix(10, 1.0), fix(20, 1.001), fix(15, 3.0), fix(30, 1.002)];
    let (track, cleaning) = Track::new([segment]);
    assert_eq!(times(&track), [10, 20, 30]);
    assert_eq!(cleaning.strays + cleaning.wild, 1);
}

#[test]
fn null_island_is_left_out() {
    let island = Fix::new(2000, Position::new(0.0, 0.0).unwrap());
    let (track, cleaning) = Track::new([vec![fix(1, 1.0), island, fix(3, 1.0)]]);
    assert_eq!((times(&track), cleaning.null_island), (vec![1, 3], 1));
}

#[test]
fn segments_come_by_their_beginning_and_know_who_covers_an_instant() {
    let long = vec![fix(0, 1.0), fix(100, 1.0)];
    let (track, _) =
        Track::new([vec![fix(50, 1.0), fix(60, 1.0)], long, vec![fix(20, 1.0), fix(30, 1.0)]]);
    assert_eq!(times(&track), [0, 100, 20, 30, 50, 60]);
    assert_eq!(track.covering(25_000).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(track.covering(55_000).collect::<Vec<_>>(), [2, 0]);
    assert_eq!(track.covering(80_000).collect::<Vec<_>>(), [0]);
    assert_eq!(track.around(200_000), (Some(0), None));
    assert_eq!(track.around(-1), (None, Some(0)));
}

#[test]
fn a_segment_knows_its_receiver_wherever_it_stands() {
    let fix = |time_s: i64| Fix::new(time_s * 1000, Position::new(8.0, 47.0).unwrap());
    let mut track = Track::default();
    track.add([(7, vec![fix(50)])], 100.0);
    track.add([(8, vec![fix(10)]), (9, vec![fix(90)])], 100.0);
    assert_eq!([0, 1, 2].map(|number| track.source(number)), [8, 7, 9]);
}

#[test]
fn a_segment_is_as_dense_as_the_fixes_around_the_instant() {
    let fixes = (0..=6).map(|n| n * 10).chain(61..=67);
    let hdops = [1.0, 2.0].into_iter().cycle();
    let fixes = fixes.zip(hdops).map(|(s, hdop)| Fix { hdop: Some(hdop).into(), ..fix(s, 1.0) });
    let (track, _) = Track::new([fixes.collect::<Vec<_>>()]);
    for (time_s, step_s) in [(-5, 10.0), (0, 10.0), (60, 10.0), (61, 1.0), (99, 1.0)] {
        let density = track.density(0, time_s * 1000);
        assert_eq!((density.step_s, density.hdop), (step_s, 1.5), "{time_s}");
    }
    let (alone, _) = Track::new([vec![fix(0, 1.0)]]);
    let density = alone.density(0, 0);
    assert_eq!((density.step_s, density.hdop), (f64::INFINITY, f64::INFINITY));
}

#[test]
fn of_segments_that_begin_together_the_one_added_later_comes_later() {
    let mut track = Track::default();
    track.add([(7, vec![fix(50, 1.0)])], 100.0);
    track.add([(8, vec![fix(50, 1.0)])], 100.0);
    assert_eq!([0, 1].map(|number| track.source(number)), [7, 8]);
}
