use super::*;

#[test]
fn a_reference_of_a_height_is_one_of_four_numbers() {
    for (reference, below) in [
        (None, Some(false)),
        (Some(""), Some(false)),
        (Some("0"), Some(false)),
        (Some("1"), Some(true)),
        (Some("2"), Some(false)),
        (Some(" 3 "), Some(true)),
        (Some("4"), None),
        (Some("-1"), None),
        (Some("Below Sea Level"), None),
    ] {
        assert_eq!(is_below(reference).ok(), below, "{reference:?}");
    }
    let why = is_below(Some("255")).unwrap_err().to_string();
    assert_eq!(why, "has the unknown reference '255'");
}

#[test]
fn a_direction_is_of_true_or_magnetic_north_and_at_most_a_turn() {
    let at = |deg, letter| direction(deg, letter).ok().map(|found| (found.deg, found.magnetic));
    assert_eq!(at(90.0, None), Some((90.0, false)));
    assert_eq!(at(-90.0, Some('T')), Some((270.0, false)));
    assert_eq!(at(360.0, Some('M')), Some((0.0, true)));
    assert_eq!(at(360.5, Some('T')), None);
    assert_eq!(at(90.0, Some('X')), None);
}

#[test]
fn datums_within_two_metres_of_wgs_84_are_the_same_and_others_are_named() {
    for datum in [
        "WGS-84",
        "WGS 84",
        "wgs84",
        "WGS 1984",
        "World Geodetic System 1984",
        "WGS84 (G1762)",
        "EPSG:4326",
        "ITRF2014",
        "ETRS89",
        "NAD83(CSRS)",
        "JGD2011",
        "GDA2020",
        "CGCS2000",
        "PZ-90.11",
        "",
        "  ",
    ] {
        assert_eq!(other_datum(Some(datum)), None, "{datum}");
    }
    assert_eq!(other_datum(None), None);
    for datum in ["TOKYO", "ED-50", "NAD27", "WGS-72", "OSGB36", "GCJ-02", "SAD69"] {
        let why = other_datum(Some(datum)).unwrap();
        assert!(why.starts_with(&format!("is '{datum}', ")), "{why}");
    }
}

#[test]
fn only_status_v_is_void() {
    assert_eq!(
        [None, Some("A"), Some(""), Some("2")].map(|status| void(status).is_some()),
        [false; 4]
    );
    assert_eq!(
        [Some("V"), Some("v"), Some("Void")].map(|status| void(status).is_some()),
        [true; 3]
    );
}
