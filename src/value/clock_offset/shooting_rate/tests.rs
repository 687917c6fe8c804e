use super::*;
use crate::value::clock_offset::photo_series::Shot;

/// Stops at 60 to 100, 160 to 180 and 240 to 270, of which the first and last two seconds are margins.
fn three_stops() -> Samples {
    let speeds = [(60, 10.0), (40, 0.0), (60, 10.0), (20, 0.0), (60, 10.0), (30, 0.0), (60, 10.0)];
    Samples::drawn(&speeds, Vec::new())
}

fn is_stopped(at: i64) -> bool {
    [60..100, 160..180, 240..270].iter().any(|stop| stop.contains(&at))
}

/// What photos at these seconds of the track do at the stops: the habit, how many agree, of how many, and the slack.
fn told(seconds: Vec<i64>) -> (ShootingPattern, usize, usize, f64) {
    told_on(&three_stops(), seconds)
}

fn told_on(samples: &Samples, mut seconds: Vec<i64>) -> (ShootingPattern, usize, usize, f64) {
    seconds.sort_unstable();
    let shots: Vec<Shot> =
        seconds.iter().map(|at| Shot { time_ms: at * 1000, compass_deg: None }).collect();
    let axis = Axis::new(&shots, 0, 10_000).unwrap();
    let found = at_stops(&axis, samples, axis.start_s as f64 + axis.len() as f64 - 1.0);
    (found.habit, found.agreement.agree, found.agreement.of, found.slack_s)
}

/// Photos of a camera that pauses at stops, from second 0 to 329.
fn pausing(every_s: usize) -> Vec<i64> {
    (0..330).step_by(every_s).filter(|&at| !is_stopped(at)).collect()
}

use ShootingPattern::{Bursts, Pauses};

#[test]
fn a_camera_that_pauses_agrees_with_the_stops_without_photos() {
    assert_eq!(told(pausing(2)), (Pauses, 3, 3, 10.0));
    // Up to three in ten of the photos that a stop would have otherwise: here of 8.
    for (extra, agree, slack_s) in [(2, 3, 10.0), (3, 2, 15.0), (6, 2, 15.0)] {
        let photos = [pausing(2), (165..165 + extra).collect()].concat();
        assert_eq!(told(photos), (Pauses, agree, 3, slack_s), "{extra}");
    }
    // Margins of a stop have photos of before and after it.
    let margins = [158, 159, 160, 161, 161, 179, 179, 180, 181, 182].to_vec();
    assert_eq!(told([pausing(2), margins].concat()), (Pauses, 3, 3, 10.0));
}

#[test]
fn a_stop_in_which_no_photo_is_due_says_nothing() {
    // One in ten seconds: 3.6, 1.6 and 2.6 photos.
    assert_eq!(told(pausing(10)), (Pauses, 2, 2, 15.0));
    // One in twelve and one in thirteen: the second has 3.0, 1.3 and 2.2, then 2.8, 1.2 and 2.0 or less.
    assert_eq!(told(pausing(12)), (Pauses, 2, 2, 15.0));
    assert_eq!(told(pausing(14)), (Pauses, 1, 1, 20.0));
}

#[test]
fn a_camera_that_bursts_agrees_with_the_stops_with_three_times_the_photos() {
    let burst = |from: i64, count: i64| (from..from + count).collect::<Vec<_>>();
    let bursts = |counts: [i64; 3]| {
        let [one, two, three] = counts;
        [pausing(20), burst(70, one), burst(165, two), burst(250, three)].concat()
    };
    assert_eq!(told(bursts([8, 8, 8])), (Bursts, 3, 3, 10.0));
    assert_eq!(told(bursts([8, 2, 8])), (Bursts, 2, 3, 15.0));
    // Of 1.8 photos that are due, three times as many are 5.4.
    assert_eq!(told(bursts([5, 8, 8])), (Bursts, 2, 3, 10.0));
    assert_eq!(told(bursts([6, 8, 8])), (Bursts, 3, 3, 10.0));
    // Three photos if less than one is due, also at the very ends of what is no margin.
    let at_ends = [bursts([8, 0, 8]), vec![162, 170, 178]].concat();
    assert_eq!(told(at_ends), (Bursts, 3, 3, 10.0));
    let in_margins = [bursts([8, 0, 8]), vec![161, 170, 178]].concat();
    assert_eq!(told(in_margins), (Bursts, 2, 3, 15.0));
}

#[test]
fn stops_before_the_first_photo_and_after_the_last_do_not_count() {
    let between = |from: i64, to: i64| {
        let photos: Vec<i64> =
            pausing(2).into_iter().filter(|at| (from..=to).contains(at)).collect();
        told([photos, vec![from, to]].concat())
    };
    assert_eq!(between(0, 329), (Pauses, 3, 3, 10.0));
    assert_eq!(between(61, 329), (Pauses, 3, 3, 10.0));
    assert_eq!(between(62, 329), (Pauses, 2, 2, 10.0));
    assert_eq!(between(0, 269), (Pauses, 3, 3, 10.0));
    assert_eq!(between(0, 268), (Pauses, 2, 2, 10.0));
    assert_eq!(between(120, 220), (Pauses, 1, 1, 10.0));
    let moving = Samples::drawn(&[(300, 10.0)], Vec::new());
    let (habit, agree, of, _) = told_on(&moving, pausing(2));
    assert_eq!((habit, agree, of), (Pauses, 0, 0));
}

#[test]
fn a_rate_is_known_where_there_are_photos_and_time() {
    assert_eq!(log_rate(4.0, 2.0), 4.0 * 2f64.ln());
    for (photos, seconds) in [(0.0, 5.0), (3.0, 0.0), (0.0, 0.0)] {
        assert_eq!(log_rate(photos, seconds), 0.0, "{photos} {seconds}");
    }
}

#[test]
fn an_offset_has_a_score_if_half_of_the_photos_fall_on_the_track() {
    let sums = |photos: f64| Sums { photos, seconds: photos, log: 1.0 };
    assert_eq!(sums(10.0).score(20), 1.0);
    assert_eq!(sums(11.0).score(20), 1.0);
    assert!(sums(9.0).score(20).is_nan());
}
