use super::*;

fn at(lon_deg: f64, lat_deg: f64) -> Position {
    Position::new(lon_deg, lat_deg).unwrap()
}

fn close(a: Position, b: Position) -> bool {
    a.distance_m(b) < 1e-6
}

#[test]
fn a_place_outside_the_earth_is_refused() {
    assert!(Position::new(180.1, 0.0).is_err());
    assert!(Position::new(0.0, f64::NAN).is_err());
    assert!(Position::new(f64::INFINITY, 0.0).is_err());
    let error = Position::new(0.0, 95.0).unwrap_err().to_string();
    assert_eq!(error, "latitude '95' is not between -90 and 90");
    assert!(Position::new(-180.0, 90.0).is_ok());
}

#[test]
fn a_degree_of_a_great_circle_has_its_length() {
    let degree_m = EARTH_RADIUS_M * 1f64.to_radians();
    assert!((at(0.0, 0.0).distance_m(at(0.0, 1.0)) - degree_m).abs() < 1e-6);
    assert!((at(179.5, 0.0).distance_m(at(-179.5, 0.0)) - degree_m).abs() < 1e-6);
    assert!((at(10.0, 89.5).distance_m(at(-170.0, 89.5)) - degree_m).abs() < 1e-6);
    assert!((at(0.0, 0.0).distance_m(at(180.0, 0.0)) - 180.0 * degree_m).abs() < 1e-6);
}

#[test]
fn a_millimetre_is_still_a_millimetre() {
    let here = at(8.5, 47.3);
    let there = here.destination(123.0, 0.001);
    assert!((here.distance_m(there) - 0.001).abs() < 1e-8);
}

#[test]
fn bearings_go_clockwise_from_north() {
    assert_eq!(at(0.0, 0.0).bearing_deg(at(0.0, 1.0)), Some(0.0));
    assert!((at(0.0, 0.0).bearing_deg(at(1.0, 0.0)).unwrap() - 90.0).abs() < 1e-12);
    assert!((at(0.0, 0.0).bearing_deg(at(-1.0, 0.0)).unwrap() - 270.0).abs() < 1e-12);
    assert!((at(179.9, 0.0).bearing_deg(at(-179.9, 0.0)).unwrap() - 90.0).abs() < 1e-9);
    assert_eq!(at(5.0, 5.0).bearing_deg(at(5.0, 5.0)), None);
    assert_eq!(at(180.0, 5.0).bearing_deg(at(-180.0, 5.0)), None);
}

#[test]
fn going_there_and_measuring_agree() {
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..2_000 {
        let here = at(random.f64() * 360.0 - 180.0, random.f64() * 180.0 - 90.0);
        let (bearing_deg, distance_m) = (random.f64() * 360.0, 1.0 + random.f64() * 1e6);
        let there = here.destination(bearing_deg, distance_m);
        assert!((here.distance_m(there) - distance_m).abs() < 1e-5);
        let back = here.bearing_deg(there).unwrap();
        assert!(turn_deg(bearing_deg, back).abs() < 1e-4, "{here:?} {bearing_deg} {back}");
    }
}

#[test]
fn the_way_between_two_places_crosses_the_antimeridian_and_the_pole() {
    assert!(close(at(179.0, 0.0).along(at(-179.0, 0.0), 0.5), at(180.0, 0.0)));
    assert!(close(at(20.0, 89.0).along(at(-160.0, 89.0), 0.5), at(0.0, 90.0)));
    assert!(close(at(20.0, 89.0).along(at(-160.0, 89.0), 1.0), at(-160.0, 89.0)));
    assert!(close(at(3.0, 4.0).along(at(3.0, 4.0), 0.5), at(3.0, 4.0)));
    assert!(close(at(0.0, 90.0).along(at(15.0, 89.0), 0.5), at(15.0, 89.5)));
}

#[test]
fn distances_agree_with_another_implementation() {
    use geo::{Distance, Haversine, Point};
    let (a, b) = (at(-0.1275, 51.507), at(2.3522, 48.8566));
    let theirs = Haversine
        .distance(Point::new(a.lon_deg(), a.lat_deg()), Point::new(b.lon_deg(), b.lat_deg()));
    assert!((a.distance_m(b) - theirs).abs() / theirs < 1e-6);
}

#[test]
fn angles_are_taken_around_the_circle() {
    assert_eq!(normal_deg(-90.0), 270.0);
    assert_eq!(normal_deg(720.0), 0.0);
    assert_eq!(normal_deg(-1e-20), 0.0);
    for (deg, rounded) in
        [(359.999_999, 0.0), (359.994, 359.99), (-0.001, 0.0), (720.0, 0.0), (12.345_6, 12.35)]
    {
        assert_eq!(rounded_deg(deg, 2), rounded, "{deg}");
    }
    assert_eq!(turn_deg(350.0, 10.0), 20.0);
    assert_eq!(turn_deg(10.0, 350.0), -20.0);
    assert_eq!(turn_deg(0.0, 180.0), 180.0);
    assert!(turn_deg(0.0, mean_deg([350.0, 10.0]).unwrap()).abs() < 1e-9);
    assert_eq!(mean_deg([0.0, 180.0]), None);
    assert_eq!(mean_deg([]), None);
}

/// From, to, distance in metres and initial bearing on the ellipsoid, by geographiclib 2.1 (C. F. F. Karney,
/// Algorithms for geodesics, Journal of Geodesy 87, 2013).
const GEODESICS: [([f64; 2], [f64; 2], f64, f64); 12] = [
    ([9.95, 54.32], [9.9512, 54.3207], 110.311, 45.061159),
    ([13.4, 52.5], [13.7, 52.6], 23193.677, 61.210215),
    ([-73.7781, 40.6397], [-71.0052, 42.3629], 300353.787, 49.509180),
    ([174.81, -41.32], [174.7, -36.9], 490790.317, 358.854245),
    ([103.99, 1.36], [103.7, 1.5], 35793.437, 295.629586),
    ([-0.45, 51.47], [2.55, 49.01], 347324.746, 140.808523),
    ([25.0, 70.0], [28.0, 70.2], 116160.734, 77.518775),
    ([-68.3, -54.8], [-67.5, -54.9], 52577.777, 102.550305),
    ([179.9, -17.0], [-179.9, -16.5], 59300.361, 21.105340),
    ([0.0, 0.0], [0.0, 1.0], 110574.389, 0.0),
    ([0.0, 0.0], [1.0, 0.0], 111319.491, 90.0),
    ([20.0, 89.0], [-160.0, 89.5], 167540.840, 0.0),
];

#[test]
fn the_sphere_is_as_near_to_the_ellipsoid_as_it_says() {
    for (from, to, wanted_m, wanted_deg) in GEODESICS {
        let (from, to) = (at(from[0], from[1]), at(to[0], to[1]));
        let off = from.distance_m(to) / wanted_m - 1.0;
        assert!(off.abs() < 0.006, "{from:?} {to:?}: {off}");
        let turn = turn_deg(from.bearing_deg(to).unwrap(), wanted_deg);
        assert!(turn.abs() < 0.2, "{from:?} {to:?}: {turn}");
    }
}

#[test]
fn a_chord_is_as_much_shorter_than_the_way_as_on_a_sphere() {
    let corners = [((0.0, 0.0), 6_378_137.0), ((0.0, 90.0), 6_356_752.314_245)];
    for (place, radius_m) in corners {
        assert!((chord_m(place, (90.0, 0.0)) - f64::hypot(radius_m, 6_378_137.0)).abs() < 1e-6);
    }
    for (from, to, way_m, _) in GEODESICS {
        let wanted_m = 2.0 * EARTH_RADIUS_M * (way_m / 2.0 / EARTH_RADIUS_M).sin();
        let off = chord_m(from.into(), to.into()) / wanted_m - 1.0;
        assert!(off.abs() < 5e-6, "{from:?} {to:?}: {off}");
    }
}
