use super::*;

const LIMITS: Limits =
    Limits { max_gap_s: 60.0, max_gap_m: 50.0, extrapolate_s: 2.0, join_segments: false };

/// A fix some metres east of 8 E 47 N.
fn fix(time_s: i64, east_m: f64) -> Fix {
    let start = Position::new(8.0, 47.0).unwrap();
    Fix::new(time_s * 1000, start.destination(90.0, east_m))
}

fn track(segments: &[&[(i64, f64)]]) -> Track {
    let fixes = |segment: &&[(i64, f64)]| segment.iter().map(|&(s, m)| fix(s, m)).collect();
    Track::new(segments.iter().map(fixes)).0
}

fn how(track: &Track, time_s: f64) -> Result<How, Reason> {
    let verdict = track.where_at((time_s * 1000.0) as i64, &LIMITS);
    verdict.map(|found| found.how).map_err(|missing| missing.reason)
}

/// Segment A has a fix each minute for ten minutes; B, two hours later, has a gap of 20 minutes; C, two hours
/// later, has a gap of 40 minutes.
fn day() -> Track {
    let run = |from_s: i64, to_s: i64| {
        (from_s..=to_s).step_by(60).map(move |s| fix(s, s as f64 * 5.0)).collect::<Vec<_>>()
    };
    let b = [run(7_200, 7_500), run(8_700, 9_000)].concat();
    let c = [run(14_400, 14_700), run(17_100, 17_400)].concat();
    Track::new([run(0, 600), b, c]).0
}

#[test]
fn a_long_hole_is_never_bridged_unasked() {
    let day = day();
    assert_eq!(how(&day, -2_400.0), Err(Reason::BeforeFirst));
    assert_eq!(how(&day, -600.0), Err(Reason::BeforeFirst));
    assert_eq!(how(&day, 120.0), Ok(How::Exact));
    assert_eq!(how(&day, 130.5), Ok(How::Interpolated));
    assert_eq!(how(&day, 1_200.0), Err(Reason::BetweenSegments));
    assert_eq!(how(&day, 3_900.0), Err(Reason::BetweenSegments));
    assert_eq!(how(&day, 6_600.0), Err(Reason::BetweenSegments));
    assert_eq!(how(&day, 8_100.0), Err(Reason::Hole));
    assert_eq!(how(&day, 15_900.0), Err(Reason::Hole));
    assert_eq!(how(&day, 18_600.0), Err(Reason::AfterLast));
    assert_eq!(how(&day, 17_402.0), Ok(How::Held));
    assert_eq!(how(&day, 17_402.001), Err(Reason::AfterLast));
    assert_eq!(how(&Track::default(), 0.0), Err(Reason::Empty));
}

#[test]
fn the_reason_names_the_flags_that_help_and_they_do() {
    let day = day();
    let missing = day.where_at(8_100_000, &LIMITS).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "in a hole of the track: 600 s after the last fix, 600 s before the next, 6000 m \
         apart; --max-gap 1200 would accept it"
    );
    assert!(day.where_at(8_100_000, &Limits { max_gap_s: 1200.0, ..LIMITS }).is_ok());
    let missing = day.where_at(3_900_000, &LIMITS).unwrap_err();
    assert_eq!(missing.accept.as_deref(), Some("--join-segments with --max-gap 6600"));
    let joined = Limits { max_gap_s: 6600.0, join_segments: true, ..LIMITS };
    assert!(day.where_at(3_900_000, &joined).is_ok());
    let missing = day.where_at(18_600_500, &LIMITS).unwrap_err();
    assert_eq!(missing.accept.as_deref(), Some("--extrapolate 1201"));
    assert_eq!((missing.before_s, missing.after_s), (Some(1200.5), None));
}

#[test]
fn a_stop_is_known_and_a_short_hole_too() {
    let stop = track(&[&[(0, 0.0), (500, 49.0), (559, 900.0), (800, 960.0)]]);
    assert_eq!(how(&stop, 250.0), Ok(How::Interpolated));
    assert_eq!(how(&stop, 530.0), Ok(How::Interpolated));
    let missing = stop.where_at(700_000, &LIMITS).unwrap_err();
    assert_eq!(missing.accept.as_deref(), Some("--max-gap 241 or --max-gap-m 60"));
    let long = track(&[&[(0, 0.0), (601, 1.0)]]);
    assert_eq!(how(&long, 300.0), Err(Reason::Hole));
}

#[test]
fn a_place_between_fixes_lies_on_the_great_circle_with_its_height() {
    let mut fixes = vec![fix(0, 0.0), fix(10, 100.0)];
    fixes[0].ele_m = Some(100.0).into();
    fixes[1].ele_m = Some(110.0).into();
    let (track, _) = Track::new([fixes.clone()]);
    let found = track.where_at(2_500, &LIMITS).unwrap();
    assert!((found.position.distance_m(fixes[0].position) - 25.0).abs() < 1e-6);
    assert_eq!((found.ele_m, found.gap_s), (Some(102.5), 10.0));
    assert!((found.speed_kmh.unwrap() - 36.0).abs() < 1e-6);
    let date_line = [Position::new(179.999, 0.0), Position::new(-179.999, 0.0)];
    let fixes = date_line.map(|place| place.unwrap());
    let (track, _) = Track::new([vec![Fix::new(0, fixes[0]), Fix::new(10_000, fixes[1])]]);
    let found = track.where_at(5_000, &LIMITS).unwrap();
    assert!(found.position.lon_deg().abs() > 179.9999);
}

#[test]
fn of_two_receivers_the_denser_is_believed_and_never_both() {
    let sparse: Vec<Fix> = (0..=4).map(|at| fix(at * 30, 1000.0)).collect();
    let dense: Vec<Fix> = (20..=80).map(|at| fix(at, 0.0)).collect();
    let (track, _) = Track::new([sparse, dense]);
    let place = |time_ms| track.where_at(time_ms, &LIMITS).unwrap().position;
    assert_eq!(place(60_000), fix(0, 0.0).position);
    assert_eq!(place(60_500), fix(0, 0.0).position);
    assert_eq!(place(90_500), fix(0, 1000.0).position);
}

#[test]
fn of_two_equally_dense_receivers_the_better_hdop_is_believed() {
    let with = |east_m: f64, hdop: f64| -> Vec<Fix> {
        (0..9).map(|at| Fix { hdop: Some(hdop).into(), ..fix(at, east_m) }).collect()
    };
    let (track, _) = Track::new([with(10.0, 3.0), with(20.0, 1.0)]);
    assert_eq!(track.where_at(4_500, &LIMITS).unwrap().position, fix(0, 20.0).position);
}

#[test]
fn where_one_receiver_has_a_hole_the_other_helps() {
    let holed = track(&[&[(0, 0.0), (1, 0.0), (200, 900.0)], &[(90, 5.0), (110, 5.0)]]);
    assert_eq!(holed.where_at(100_000, &LIMITS).unwrap().position, fix(0, 5.0).position);
}

#[test]
fn which_of_two_receivers_was_switched_on_first_does_not_matter() {
    let sparse: Vec<Fix> = (1..=4).map(|at| fix(at * 30, 1000.0)).collect();
    let dense: Vec<Fix> = (0..=80).map(|at| fix(at, 0.0)).collect();
    let (track, _) = Track::new([dense, sparse]);
    assert_eq!(track.where_at(45_500, &LIMITS).unwrap().position, fix(0, 0.0).position);
    assert_eq!(track.preferred(0, 1, 45_500), "its fixes are denser");
    assert_eq!(track.preferred(1, 0, 45_500), "the other has a hole, or is no better");
    let with = |from_s: i64, east_m: f64, hdop: f64| -> Vec<Fix> {
        (from_s..9).map(|at| Fix { hdop: Some(hdop).into(), ..fix(at, east_m) }).collect()
    };
    let (track, _) = Track::new([with(0, 20.0, 1.0), with(1, 10.0, 3.0)]);
    assert_eq!(track.where_at(4_500, &LIMITS).unwrap().position, fix(0, 20.0).position);
    assert_eq!(track.preferred(0, 1, 4_500), "its HDOP is better");
    let holed = track_of_a_hole_begun_last();
    assert_eq!(holed.where_at(100_000, &LIMITS).unwrap().position, fix(0, 5.0).position);
}

fn track_of_a_hole_begun_last() -> Track {
    track(&[&[(0, 5.0), (60, 5.0), (120, 5.0)], &[(50, 900.0), (51, 900.0), (300, 2000.0)]])
}

#[test]
fn between_segments_the_nearer_end_is_held() {
    let parted = track(&[&[(0, 0.0)], &[(100, 900.0)]]);
    for (time_ms, east_m) in [(1_500, 0.0), (98_500, 900.0)] {
        let found = parted.where_at(time_ms, &LIMITS).unwrap();
        assert_eq!((found.how, found.position), (How::Held, fix(0, east_m).position));
    }
    let missing = parted.where_at(-10_000, &LIMITS).unwrap_err();
    let said = "before the track: 10 s before the next; --extrapolate 10 would accept it";
    assert_eq!(missing.to_string(), said);
}

#[test]
fn a_hole_between_segments_says_its_length_and_how_it_would_be_bridged() {
    for (gap_s, accept) in [
        (600, "--join-segments with --max-gap 600 or --max-gap-m 900"),
        (601, "--join-segments with --max-gap 601"),
    ] {
        let parted = track(&[&[(0, 0.0)], &[(gap_s, 899.5)]]);
        let missing = parted.where_at(300_000, &LIMITS).unwrap_err();
        assert_eq!(missing.accept.as_deref(), Some(accept));
        assert_eq!(missing.gap_m.map(f64::floor), Some(899.0));
    }
}

#[test]
fn joined_segments_are_no_faster_than_a_segment() {
    let joined = Limits { join_segments: true, ..LIMITS };
    // 1,050 m in 10 s are 100 m/s and the error of a receiver.
    let near = track(&[&[(0, 0.0), (10, 0.0)], &[(20, 1049.0), (30, 1049.0)]]);
    assert_eq!(near.where_at(15_000, &joined).unwrap().how, How::Interpolated);
    let far = track(&[&[(0, 0.0), (10, 0.0)], &[(20, 109_990.0), (30, 109_990.0)]]);
    let missing = far.where_at(15_000, &joined).unwrap_err();
    assert_eq!(missing.reason, Reason::BetweenSegments);
    assert_eq!(missing.accept.as_deref(), Some("--max-speed 10999"));
    assert_eq!((missing.before_s, missing.after_s), (Some(5.0), Some(5.0)));
    assert_eq!(far.where_at(11_000, &joined).unwrap().how, How::Held);
    let segments = [fix(10, 0.0), fix(20, 109_990.0)].map(|fix| (0, vec![fix]));
    let believed = Track::of_sources(segments, 11_000.0).0;
    assert_eq!(believed.where_at(15_000, &joined).unwrap().how, How::Interpolated);
}
