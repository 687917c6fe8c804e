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
