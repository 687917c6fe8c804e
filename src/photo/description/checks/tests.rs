use super::*;

/// One shot per second, this many metres east of the first.
fn shots(metres: &[f64]) -> Vec<Shot> {
    let shot = |(at, m): (usize, &f64)| Shot {
        lon_deg: 8.0 + m / 111_319.49,
        lat_deg: 0.0,
        captured_ms: at as i64 * 1000,
        angle_deg: Some(90.0),
        bytes: 10,
        size: Some((10, 10)),
    };
    metres.iter().enumerate().map(shot).collect()
}

fn names(shots: &[Shot], limits: &Limits) -> Vec<&'static str> {
    let short = |problem: &Option<Problem>| {
        problem.as_ref().map_or("", |it| &it.name()["Mapillary".len()..])
    };
    check(shots, limits).iter().map(short).collect()
}

#[test]
fn a_duplicate_is_one_of_the_last_photo_that_is_none() {
    let mut ride = shots(&[0.0, 0.06, 0.12, 5.0, 5.05]);
    let limits = Limits::default();
    assert_eq!(names(&ride, &limits), ["", "DuplicationError", "", "", "DuplicationError"]);
    ride[4].angle_deg = Some(96.0);
    ride[1].angle_deg = None;
    assert_eq!(names(&ride, &limits), ["", "DuplicationError", "", "", ""]);
    // Photos are not compared across a pause.
    ride[1].captured_ms += 61_000;
    ride[2].captured_ms += 61_000;
    assert_eq!(names(&ride[..2], &limits), ["", ""]);
}

#[test]
fn a_sequence_that_is_too_fast_is_so_with_all_its_photos() {
    let limits = Limits { zigzag: false, ..Limits::default() };
    assert_eq!(names(&shots(&[0.0, 120.0, 240.0]), &limits), ["CaptureSpeedTooFastError"; 3]);
    assert_eq!(names(&shots(&[0.0, 110.0, 220.0]), &limits), [""; 3]);
    let said = check(&shots(&[0.0, 120.0]), &limits)[0].as_ref().unwrap().to_string();
    assert_eq!(said, "Capture speed 432.000 km/h exceeds max allowed 400.000 km/h");
    let mut at_once = shots(&[0.0, 120.0]);
    at_once[1].captured_ms = 0;
    assert_eq!(names(&at_once, &limits), ["", ""]);
}

#[test]
fn only_the_photos_that_jumped_away_zig_zag() {
    let ride = shots(&[0.0, 5.0, 10.0, 15.0, 200.0, 205.0, 20.0, 25.0, 30.0]);
    let found = names(&ride, &Limits::default());
    assert_eq!(found, ["", "", "", "", "ZigZagError", "ZigZagError", "", "", ""]);
    // Too short to decide, and a turn.
    assert_eq!(names(&shots(&[0.0, 5.0, 200.0, 10.0, 15.0]), &Limits::default()), [""; 5]);
    assert_eq!(names(&shots(&[0.0, 5.0, 10.0, 15.0, 20.0, 5.0, 0.0]), &Limits::default()), [""; 7]);
}

#[test]
fn a_sequence_that_is_too_large_is_so_with_all_its_photos() {
    let ride = shots(&[0.0, 5.0, 10.0]);
    let of = |limits: Limits| names(&ride, &limits)[2];
    assert_eq!(of(Limits { max_images: 2, ..Limits::default() }), "MetadataValidationError");
    assert_eq!(of(Limits { max_bytes: 29, ..Limits::default() }), "FileTooLargeError");
    assert_eq!(of(Limits { max_pixels: 299, ..Limits::default() }), "FileTooLargeError");
    assert_eq!(
        of(Limits { max_images: 3, max_bytes: 30, max_pixels: 300, ..Limits::default() }),
        ""
    );
    assert!(check(&[], &Limits::default()).is_empty());
}
