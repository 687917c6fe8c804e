use super::*;

/// Chords of all lengths, latitudes and durations, some over the antimeridian.
fn chords() -> impl Iterator<Item = Ends> {
    let mut random = fastrand::Rng::with_seed(11);
    std::iter::repeat_with(move || {
        let lon_deg = [0.0, 13.4, 179.9995, -180.0][random.usize(..4)];
        let start = Position::new(lon_deg, random.f64() * 178.0 - 89.0).unwrap();
        let leg_m = 10f64.powf(random.f64() * 4.5 - 1.0);
        let chord_m = 10f64.powf(random.f64() * 4.5 - 1.0);
        let mut end = |from: Position, start_ms: i64| {
            let to = from.destination(random.f64() * 360.0, leg_m);
            let leg = [Fix::new(start_ms, from), Fix::new(start_ms + 1000, to)];
            End { time_ms: start_ms + random.i64(0..=1000), leg }
        };
        let from = end(start, 0);
        let to = end(start.destination(40.0, chord_m), 1000 + (chord_m * 1400.0) as i64);
        Ends { from, to }
    })
}

#[test]
fn what_the_plane_is_sure_of_is_so_on_the_sphere() {
    let mut sure = 0;
    for ends in chords().take(10_000) {
        let (from, to) = ends.seen();
        assert_eq!(ends.moves(), moves(from, to));
        for distance_m in [1.0, 10.0, 100.0] {
            assert_eq!(ends.reach(distance_m), from.1.distance_m(to.1) >= distance_m);
            sure += usize::from(ends.surely_reach(distance_m).is_some());
        }
    }
    assert!(sure > 15_000, "{sure} of 30,000");
}

#[test]
fn one_fix_alone_is_no_movement_and_no_way() {
    let fix = Fix::new(5, Position::new(8.0, 47.0).unwrap());
    let ends = Ends { from: End::at(&fix), to: End::at(&fix) };
    assert!(!ends.moves() && !ends.reach(0.5) && ends.reach(0.0));
}
