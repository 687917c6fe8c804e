use super::*;
use crate::value::clock_offset::photo_series::Shot;

fn axis(compasses: impl IntoIterator<Item = (i64, f64)>) -> Axis {
    let shot = |(at, rad): (i64, f64)| Shot {
        time_ms: at * 1000,
        compass_deg: Some(rad.to_degrees() as f32),
    };
    let shots: Vec<Shot> = compasses.into_iter().map(shot).collect();
    Axis::new(&shots, 0, 10_000).unwrap()
}

/// The index at which the clocks agree.
fn in_step(axis: &Axis) -> f64 {
    axis.start_s as f64 + axis.len() as f64 - 1.0
}

/// A left turn at 48, and right turns at 148 and 248.
fn three_turns() -> Samples {
    let parts = [(40, 0), (16, -2), (84, 0), (16, 2), (84, 0), (16, 2), (84, 0)];
    Samples::turning(&parts)
}

#[test]
fn the_score_grows_as_the_spread_gets_smaller() {
    for (resultant, count, photos, wanted) in [
        (20.0, 20.0, 20, 82.037),
        (10.0, 20.0, 40, 8.641),
        (0.0, 20.0, 20, 0.0),
        (10.0, 10.0, 20, 41.019),
    ] {
        let found = likelihood(resultant, count, photos);
        assert!((found - wanted).abs() < 0.01, "{resultant} of {count}: {found}");
    }
    assert!(likelihood(10.0, 10.0, 21).is_nan(), "fewer than half");
    assert!(likelihood(9.0, 9.0, 9).is_nan(), "too few");
}

#[test]
fn an_offset_counts_if_half_of_the_photos_fall_on_the_track() {
    let samples = Samples::turning(&[(40, 0), (16, 2), (44, 0)]);
    let photos = axis((0..40).map(|at| (at, 1.0)));
    let scores = scores(&photos, &samples);
    let tried: Vec<usize> = (0..scores.len()).filter(|&at| !scores[at].is_nan()).collect();
    assert_eq!(tried, (19..=119).collect::<Vec<_>>());
}

#[test]
fn the_best_offset_has_the_compasses_turn_with_the_track() {
    let samples = three_turns();
    let heading = |at: i64| samples.heading_rad(at as usize).unwrap();
    let photos = axis((20..320).step_by(3).map(|at| (at, heading(at) + 1.0)));
    let scores = scores(&photos, &samples);
    let best = (0..scores.len()).filter(|&at| !scores[at].is_nan());
    let best = best.max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
    assert_eq!(best as f64, in_step(&photos));
}

#[test]
fn compasses_agree_with_the_turns_that_they_follow() {
    let samples = three_turns();
    for (ignored, agree) in [(0..0, 3), (0..100, 2), (0..200, 1), (0..400, 0)] {
        let compass = |at: i64| {
            let heading = samples.heading_rad(at as usize).unwrap();
            // A compass that ignores the turns keeps the direction.
            let off = if ignored.contains(&at) { 0.0 } else { heading };
            (at, off + 1.0)
        };
        let photos = axis((0..340).step_by(2).map(compass));
        let found = agreement(&photos, &samples, in_step(&photos));
        assert_eq!(found, OffsetAgreement { agree, of: 3 }, "{ignored:?}");
    }
}

#[test]
fn a_turn_is_seen_by_photos_four_to_thirty_seconds_before_and_after_it() {
    let samples = Samples::turning(&[(140, 0), (16, 2), (140, 0)]);
    assert_eq!(samples.turns(), [148]);
    for (before, after, of) in
        [(30, 4, 1), (4, 30, 1), (31, 4, 0), (4, 31, 0), (3, 4, 0), (4, 3, 0)]
    {
        let photos = axis([(148 - before, 0.0), (148 + after, 0.0)]);
        assert_eq!(agreement(&photos, &samples, in_step(&photos)).of, of, "{before} {after}");
    }
}

#[test]
fn a_compass_is_compared_with_the_direction_of_its_own_second() {
    // It swings by two radians from each second to the next.
    let turning = Samples::turning(&[(140, 0), (16, 2), (140, 0)]);
    let swinging = (0..turning.len()).map(|at| {
        let rad = turning.heading_rad(at).unwrap() as f32;
        Some(rad + 2.0 * (at % 2) as f32)
    });
    let samples = Samples::drawn(&[(turning.len(), 5.0)], swinging.collect());
    let compass = |at: i64| (at, samples.heading_rad(at as usize).unwrap());
    let photos = axis([compass(118), compass(173)]);
    let found = agreement(&photos, &samples, in_step(&photos) + 0.25);
    assert_eq!(found, OffsetAgreement { agree: 1, of: 1 });
}
