use super::*;

fn at(lon_deg: f64, lat_deg: f64) -> Position {
    Position::new(lon_deg, lat_deg).unwrap()
}

/// One photo a second at these positions, in metres east and north.
fn shots(places: &[(f64, f64)]) -> Vec<Shot> {
    let start = at(8.0, 47.0);
    let place = |&(east, north): &(f64, f64)| start.destination(90.0, east).destination(0.0, north);
    let shot = |(second, position)| Shot { position, time_ms: second as i64 * 1000 };
    places.iter().map(place).enumerate().map(shot).collect()
}

fn rounded(shots: &[Shot], method: Method) -> Vec<Option<(f64, By)>> {
    let tenth = |(deg, by): (f64, By)| (normal_deg((deg * 10.0).round() / 10.0), by);
    directions(shots, method, 1.0, 60.0).into_iter().map(|found| found.map(tenth)).collect()
}

#[test]
fn each_photo_looks_to_the_next_and_the_last_along_the_last_leg() {
    let corner = shots(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
    let next = [Some((90.0, By::Next)), Some((0.0, By::Next)), Some((0.0, By::Last))];
    assert_eq!(rounded(&corner, Method::Next), next);
    let previous = [Some((90.0, By::First)), Some((90.0, By::Previous)), Some((0.0, By::Last))];
    assert_eq!(rounded(&corner, Method::Previous), previous);
    assert_eq!(rounded(&corner, Method::Mean)[1], Some((45.0, By::Mean)));
    assert_eq!(rounded(&corner, Method::Chord)[1], Some((45.0, By::Chord)));
}

#[test]
fn a_single_photo_and_photos_of_one_place_have_no_direction() {
    assert_eq!(rounded(&shots(&[(0.0, 0.0)]), Method::Next), [None]);
    assert_eq!(rounded(&shots(&[(3.0, 3.0); 4]), Method::Next), [None; 4]);
    assert_eq!(rounded(&[], Method::Next), []);
}

#[test]
fn at_standstill_the_way_there_is_held() {
    let rest = shots(&[(0.0, 0.0), (10.0, 0.0), (10.0, 0.1), (10.0, 0.0), (10.0, 10.0)]);
    let found = rounded(&rest, Method::Next);
    assert_eq!(
        found[1..4].iter().flatten().map(|d| d.1).collect::<Vec<_>>(),
        [By::Held, By::Held, By::Next]
    );
    assert_eq!(found[1], Some((90.0, By::Held)));
    let start = shots(&[(0.0, 0.0), (0.0, 0.0), (10.0, 0.0)]);
    assert_eq!(rounded(&start, Method::Next)[0], Some((90.0, By::Held)));
}

#[test]
fn slow_but_steady_photos_take_the_movement_around_them() {
    let steady: Vec<Shot> = (0..8)
        .map(|i| Shot {
            position: at(8.0, 47.0).destination(90.0, f64::from(i) * 0.4),
            time_ms: i64::from(i) * 500,
        })
        .collect();
    for found in rounded(&steady, Method::Next).iter().flatten() {
        assert_eq!(found.0, 90.0);
    }
}

#[test]
fn drift_at_a_stop_turns_no_photo() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut wander = || (random.f64() - 0.5) * 8.0;
    // A photo every two seconds: eastward, three minutes of rest, then northward.
    let places: Vec<(f64, f64)> = (0..150)
        .map(|i: i32| {
            let (east, north) = (f64::from(i.min(30)) * 6.0, f64::from((i - 120).max(0)) * 6.0);
            if (31..119).contains(&i) {
                (east + wander() / 4.0, north + wander() / 4.0)
            } else {
                (east, north)
            }
        })
        .collect();
    let mut all = shots(&places);
    all.iter_mut().for_each(|shot| shot.time_ms *= 2);
    let found = rounded(&all, Method::Next);
    for photo in &found[34..116] {
        assert_eq!(photo.map(|(_, by)| by), Some(By::Held));
        assert_eq!(*photo, found[34]);
    }
    assert_eq!(found[10], Some((90.0, By::Next)));
    assert_eq!(found[140], Some((0.0, By::Next)));
}

#[test]
fn no_direction_looks_across_a_gap() {
    let mut two = shots(&[(0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (20.0, -10.0)]);
    two[2].time_ms += 60_000;
    two[3].time_ms += 60_000;
    let found = rounded(&two, Method::Next);
    assert_eq!(found[1], Some((90.0, By::Last)));
    assert_eq!(found[2], Some((180.0, By::Next)));
}

#[test]
fn a_walk_over_the_pole_comes_down_southwards() {
    let over: Vec<Shot> = [at(0.0, 89.9999), at(180.0, 89.9999), at(180.0, 89.9998)]
        .into_iter()
        .enumerate()
        .map(|(second, position)| Shot { position, time_ms: second as i64 * 1000 })
        .collect();
    let found = rounded(&over, Method::Next);
    assert_eq!(found[0], Some((0.0, By::Next)));
    assert_eq!(found[1], Some((180.0, By::Next)));
    assert_eq!(found[2], Some((180.0, By::Last)));
    assert_eq!(rounded(&over, Method::Previous)[1], Some((180.0, By::Previous)));
    let date_line = [at(179.9999, 0.0), at(-179.9999, 0.0)].map(|position| position);
    let line: Vec<Shot> = date_line
        .iter()
        .zip([0, 1000])
        .map(|(&position, time_ms)| Shot { position, time_ms })
        .collect();
    assert_eq!(rounded(&line, Method::Next)[0], Some((90.0, By::Next)));
}

/// Photos `step_ms` apart at these positions, in metres east and north.
fn every(step_ms: i64, places: &[(f64, f64)]) -> Vec<Shot> {
    let mut all = shots(places);
    all.iter_mut().for_each(|shot| shot.time_ms *= step_ms / 100);
    all.iter_mut().for_each(|shot| shot.time_ms /= 10);
    all
}

fn walk(places: impl Iterator<Item = i32>, step_m: f64) -> Vec<(f64, f64)> {
    places.map(|at| (f64::from(at) * step_m, 0.0)).collect()
}

#[test]
fn a_walk_with_a_photo_every_ten_seconds_is_a_walk() {
    let mut by = vec![Some((90.0, By::Next)); 5];
    by.push(Some((90.0, By::Last)));
    assert_eq!(rounded(&every(10_000, &walk(0..6, 14.0)), Method::Next), by);
}

#[test]
fn two_photos_in_a_second_on_a_walk_are_no_standstill() {
    let found = rounded(&every(500, &walk(0..12, 0.4)), Method::Next);
    assert_eq!(found[..9], [Some((90.0, By::Next)); 9]);
}

#[test]
fn a_pause_of_just_the_gap_ends_no_run() {
    let found = rounded(&every(60_000, &walk(0..3, 200.0)), Method::Next);
    assert_eq!(
        found.iter().flatten().map(|found| found.1).collect::<Vec<_>>(),
        [By::Next, By::Next, By::Last]
    );
    assert_eq!(rounded(&every(60_100, &walk(0..3, 200.0)), Method::Next), [None; 3]);
}

#[test]
fn a_neighbour_that_is_too_near_gives_no_direction() {
    let corner = [(0.0, 0.0), (0.0, 0.6), (0.6, 0.6), (1.2, 0.6), (1.8, 0.6)];
    assert_eq!(rounded(&every(500, &corner), Method::Next)[0], Some((63.4, By::Next)));
    assert_eq!(rounded(&every(500, &corner[..2]), Method::Next), [None; 2]);
}

#[test]
fn before_the_first_movement_a_photo_looks_where_that_goes() {
    let start = [(0.0, 0.0), (0.0, 0.45), (3.0, 0.45), (6.0, 0.45)];
    assert_eq!(rounded(&shots(&start), Method::Next)[0], Some((90.0, By::Held)));
}

#[test]
fn at_a_stop_the_way_there_counts_and_not_the_last_step() {
    let stop = [(0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (20.0, 2.0), (20.0, 2.1), (20.0, 2.0)];
    assert_eq!(rounded(&shots(&stop), Method::Next)[4], Some((78.7, By::Held)));
}

#[test]
fn a_camera_that_creeps_on_has_a_direction_of_its_own_once_it_is_far_from_its_stop() {
    // A walk eastward, then 0.3 m/s northward.
    let place = |s: i32| (f64::from(s.min(30)) * 1.4, f64::from((s - 30).max(0)) * 0.3);
    let found = rounded(&shots(&(0..200).map(place).collect::<Vec<_>>()), Method::Next);
    assert_eq!(found[50], Some((90.0, By::Held)));
    assert_eq!(found[120], Some((0.0, By::Held)));
    // Nothing else gives a direction.
    let slow = rounded(&every(3_000, &walk(0..4, 1.2)), Method::Next);
    assert_eq!(slow, [Some((90.0, By::Held)); 4]);
}

#[test]
fn a_square_of_drift_is_no_movement_although_each_step_is_fast() {
    let square = [(0.0, 0.0), (1.2, 0.0), (1.2, 1.2), (0.0, 1.2)];
    let drift = (0..40).map(|at| (42.0 + square[at % 4].0, square[at % 4].1));
    let places: Vec<_> = walk(0..30, 1.4).into_iter().chain(drift).collect();
    let found = rounded(&shots(&places), Method::Next);
    assert_eq!(found[40], found[60]);
    assert_eq!(found[40].map(|found| found.1), Some(By::Held));
}

/// There and back again, this far from photo to photo, turning at the fifth of nine.
fn u_turn(step_m: f64) -> Vec<(f64, f64)> {
    (0..9).map(|at: i32| (0.0, f64::from(4 - (at - 4).abs()) * step_m)).collect()
}

#[test]
fn a_u_turn_is_no_standstill() {
    for (step_m, step_ms) in
        [(11.0, 1_000), (3.0, 1_000), (1.7, 1_000), (33.0, 4_000), (111.0, 8_000), (111.0, 10_000)]
    {
        for method in [Method::Next, Method::Mean, Method::Chord] {
            let found = rounded(&every(step_ms, &u_turn(step_m)), method);
            let deg: Vec<_> = found.iter().map(|found| found.unwrap().0).collect();
            assert_eq!(
                deg,
                [0.0, 0.0, 0.0, 0.0, 180.0, 180.0, 180.0, 180.0, 180.0],
                "{step_m} m in {step_ms} ms"
            );
            assert_eq!(found[4], Some((180.0, By::Next)));
        }
    }
    let three = every(10_000, &[(0.0, 0.0), (0.0, 111.0), (0.0, 0.0)]);
    assert_eq!(rounded(&three, Method::Next)[1], Some((180.0, By::Next)));
}

#[test]
fn the_chord_of_a_u_turn_is_not_the_noise_between_its_ends() {
    let turn = [(0.0, 0.0), (0.0, 20.0), (0.3, 0.0), (0.3, -20.0)];
    assert_eq!(rounded(&shots(&turn), Method::Chord)[1], Some((179.1, By::Next)));
}

#[test]
fn a_roundabout_is_no_standstill() {
    let on_circle = |at: i32| {
        let (sin, cos) = (f64::from(at) * std::f64::consts::FRAC_PI_4).sin_cos();
        (15.0 * sin, 15.0 * cos)
    };
    let found = rounded(&shots(&(0..17).map(on_circle).collect::<Vec<_>>()), Method::Next);
    for (at, found) in found[..16].iter().enumerate() {
        assert_eq!(*found, Some((normal_deg(112.5 + 45.0 * at as f64), By::Next)), "photo {at}");
    }
}
