use super::*;

impl Samples {
    /// Speeds and directions as they are given, from second 0 on.
    pub fn drawn(speeds_mps: &[(usize, f32)], headings_rad: Vec<Option<f32>>) -> Samples {
        let speeds = speeds_mps.iter().flat_map(|&(count, mps)| vec![Some(mps); count]);
        Samples { start_s: 0, speeds_mps: speeds.collect(), headings_rad }
    }

    /// Directions of so many seconds each, in which they change by so many sixteenths of a radian per second.
    pub fn turning(parts: &[(usize, i32)]) -> Samples {
        let mut sixteenths = 0;
        let mut headings_rad = Vec::new();
        for &(count, step) in parts {
            for _ in 0..count {
                headings_rad.push(Some(sixteenths as f32 / 16.0));
                sixteenths += step;
            }
        }
        Samples::drawn(&[(headings_rad.len(), 5.0)], headings_rad)
    }
}

/// A fix so many metres from a place on the equator.
fn fix(time_ms: i64, bearing_deg: f64, distance_m: f64) -> Fix {
    Fix::new(time_ms, start().destination(bearing_deg, distance_m))
}

fn start() -> Position {
    Position::new(13.0, 0.0).unwrap()
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 0.01
}

#[test]
fn speed_and_direction_are_those_of_four_seconds_before_and_after() {
    for bearing_deg in [0.0, 90.0] {
        // Half of the square of the time: at each second, the mean speed of the window is the time.
        let fixes = (0..=30).map(|s| fix(1_000_000 + s * 1000, bearing_deg, (s * s) as f64 / 2.0));
        let track = Track::new([fixes.collect::<Vec<_>>()]).0;
        let samples = Samples::new(&track, &Limits::default()).unwrap();
        assert_eq!((samples.start_s, samples.len()), (1000, 31));
        for (at, wanted) in [(0, 2.0), (1, 2.5), (4, 4.0), (10, 10.0), (26, 26.0), (30, 28.0)] {
            let found = f64::from(samples.speeds_mps[at].unwrap());
            assert!(near(found, wanted), "{at}: {found}");
            let heading_rad = samples.heading_rad(at).unwrap();
            assert!(near(turned_rad(heading_rad, f64::to_radians(bearing_deg)), 0.0), "{at}");
        }
        assert_eq!(samples.heading_rad(31), None);
    }
}

#[test]
fn who_stands_has_a_speed_and_no_direction_and_a_hole_has_neither() {
    let stands = (0..20).map(|s| fix(s * 1000, 0.0, 0.3 * s as f64));
    let track = Track::new([stands.collect::<Vec<_>>()]).0;
    let samples = Samples::new(&track, &Limits::default()).unwrap();
    assert!(near(f64::from(samples.speeds_mps[10].unwrap()), 0.3));
    assert_eq!(samples.heading_rad(10), None);
    let part = |from: i64| (from..from + 10).map(|s| fix(s * 1000, 0.0, 10.0 * s as f64)).collect();
    let track = Track::new([part(0), part(1000)]).0;
    let samples = Samples::new(&track, &Limits::default()).unwrap();
    let known = (0..samples.len()).filter(|&at| samples.speeds_mps[at].is_some());
    assert_eq!(known.collect::<Vec<_>>(), (0..10).chain(1000..1010).collect::<Vec<_>>());
    assert!(near(f64::from(samples.speeds_mps[9].unwrap()), 10.0), "not across the hole");
}

#[test]
fn positions_between_two_fixes_are_those_of_whole_seconds() {
    let limits = Limits { max_gap_s: 5.0, max_gap_m: 20.0, ..Limits::default() };
    let filled = |from: Fix, to: Fix| {
        let mut places = vec![None; 20];
        fill(&mut places, 1000, &[from, to], &limits);
        let places = places.into_iter().enumerate();
        let known = places.filter_map(|(at, place): (usize, Option<Position>)| Some((at, place?)));
        known.map(|(at, place)| (at, start().distance_m(place).round())).collect::<Vec<_>>()
    };
    let from = fix(1_000_500, 0.0, 0.0);
    let all = [(1, 5.0), (2, 15.0), (3, 25.0), (4, 35.0)];
    assert_eq!(filled(from, fix(1_004_500, 0.0, 40.0)), all);
    assert_eq!(filled(fix(1_002_000, 0.0, 7.0), fix(1_003_000, 0.0, 9.0)), [(2, 7.0), (3, 9.0)]);
    // Far apart in time and in space; only in time.
    assert_eq!(filled(from, fix(1_006_500, 0.0, 60.0)), []);
    assert_eq!(filled(from, fix(1_006_500, 0.0, 6.0)).len(), 6);
    assert_eq!(filled(from, from), [], "no time between them");
    let mut places = vec![Some(start()); 20];
    fill(&mut places, 1000, &[from, fix(1_004_500, 0.0, 40.0)], &limits);
    assert_eq!(places, [Some(start()); 20], "the first receiver counts");
}

#[test]
fn speeds_are_classed_by_half_of_the_usual_one_and_by_thirds() {
    let mut samples = Samples::drawn(&[(2, 0.0), (1, 1.0)], Vec::new());
    samples.speeds_mps.extend((4..=12).rev().map(|mps| Some(mps as f32)));
    samples.speeds_mps.push(None);
    let wanted = [0, 0, 0, 3, 3, 3, 2, 2, 2, 1, 1, 1].map(Some);
    assert_eq!(samples.paces(), [&wanted[..], &[None]].concat());
    let stands = Samples::drawn(&[(20, 0.2), (1, 0.7)], Vec::new());
    assert_eq!(stands.paces().iter().filter(|pace| **pace == Some(0)).count(), 20);
}

#[test]
fn a_stop_lasts_eight_seconds_and_short_moves_do_not_divide_it() {
    for (speeds, stops) in [
        (&[(30, 10.0), (8, 0.0), (30, 10.0)][..], &[30..38][..]),
        (&[(30, 10.0), (7, 0.0), (30, 10.0)], &[]),
        (&[(30, 10.0), (5, 0.0), (4, 10.0), (5, 4.9), (30, 10.0)], &[30..44]),
        (&[(30, 10.0), (1, 0.0), (4, 10.0), (5, 0.0), (30, 10.0)], &[30..40]),
        (&[(30, 10.0), (5, 0.0), (5, 10.0), (5, 0.0), (30, 10.0)], &[]),
        (&[(9, 0.0), (30, 10.0), (9, 1.0)], &[0..9, 39..48]),
        (&[(30, 10.0), (9, 5.0), (30, 10.0)], &[]),
        (&[(30, 0.0)], &[0..30]),
    ] {
        assert_eq!(Samples::drawn(speeds, Vec::new()).stops(), stops, "{speeds:?}");
    }
}

#[test]
fn a_turn_is_where_the_direction_changes_most() {
    for (parts, turns) in [
        (&[(40, 0), (16, 2), (40, 0)][..], &[48][..]),
        (&[(40, 0), (16, -2), (40, 0)], &[48]),
        (&[(40, 0), (16, 2), (24, 0), (16, -2), (40, 0)], &[48, 88]),
        // A long bend is one turn, and so are two of which the second and larger one follows at once.
        (&[(40, 0), (28, 1), (40, 0)], &[48]),
        (&[(40, 0), (16, 1), (4, 0), (16, 2), (40, 0)], &[68]),
        // 43 degrees.
        (&[(40, 0), (12, 1), (40, 0)], &[]),
        (&[(100, 0)], &[]),
        (&[(15, 0)], &[]),
    ] {
        assert_eq!(Samples::turning(parts).turns(), turns, "{parts:?}");
    }
    let of_47_deg = Samples::turning(&[(40, 0), (13, 1), (40, 0)]);
    assert_eq!(of_47_deg.turns().len(), 1);
    let mut unknown = Samples::turning(&[(40, 0), (16, 2), (40, 0)]);
    unknown.headings_rad[30..50].fill(None);
    assert_eq!(unknown.turns(), [] as [usize; 0]);
}

#[test]
fn an_angle_between_directions_is_the_shorter_one() {
    for (from, to, wanted) in [
        (0.0, 1.5, 1.5),
        (1.5, 0.0, -1.5),
        (3.0, -3.0, 2.0 * PI - 6.0),
        (-3.0, 3.0, 6.0 - 2.0 * PI),
        (0.5, 0.5 + 4.0 * PI, 0.0),
        (20.0, 1.0, 6.0 * PI - 19.0),
    ] {
        assert!((turned_rad(from, to) - wanted).abs() < 1e-9, "{from} {to}");
    }
}
