//! Tests of what is read of XMP beside EXIF.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime};

use super::*;
use crate::format::picture::PictureFacts;

/// What is read of these properties in the namespace of EXIF, beside the EXIF itself.
fn with_words(exif: &PictureFacts, words: &[(&'static str, &str)]) -> Camera {
    let edits: Vec<_> = words
        .iter()
        .map(|&(name, text)| xmp::Edit {
            namespace: xmp::EXIF,
            name,
            value: Some(xmp::Set::Text(text.into())),
        })
        .collect();
    let xmp = xmp::read(&xmp::edit(None, &edits).unwrap().unwrap());
    Camera::from_facts(&PictureFacts { xmp, ..exif.clone() }, None, Heights::default())
}

const PLACE: [(&str, &str); 2] = [("GPSLatitude", "52,30.0N"), ("GPSLongitude", "13,24.0E")];

#[test]
fn the_references_in_xmp_are_read_by_the_rules_of_exif() {
    let at = |words: &[(&'static str, &str)]| {
        with_words(&PictureFacts::default(), &[&PLACE[..], words].concat())
    };
    for (reference, altitude_m) in [
        ("0", Some(12.5)),
        ("1", Some(-12.5)),
        ("2", Some(12.5)),
        ("3", Some(-12.5)),
        ("255", None),
        ("-1", None),
        ("Below Sea Level", None),
    ] {
        let camera = at(&[("GPSAltitude", "12.5"), ("GPSAltitudeRef", reference)]);
        assert_eq!(camera.altitude_m, altitude_m, "{reference}");
        assert_eq!(camera.why.is_some(), altitude_m.is_none(), "{reference}: {:?}", camera.why);
    }
    for (name, reference) in
        [("GPSImgDirection", "GPSImgDirectionRef"), ("GPSTrack", "GPSTrackRef")]
    {
        let camera = at(&[(name, "36"), (reference, "X")]);
        assert_eq!((camera.direction, camera.track_deg), (None, None), "{name}");
        assert!(camera.why.unwrap().contains("has the reference 'X', not T or M"));
    }
}

#[test]
fn a_track_from_magnetic_north_is_absent_with_why() {
    let camera = with_words(
        &PictureFacts::default(),
        &[PLACE[0], PLACE[1], ("GPSTrack", "36"), ("GPSTrackRef", "M")],
    );
    let why = "XMP GPSTrack is from magnetic north and is not used";
    assert_eq!((camera.track_deg, camera.why.as_deref()), (None, Some(why)));
    let mut facts = PictureFacts::default();
    facts.exif.gps.track = Some(Direction { deg: 36.0, magnetic: true });
    let camera = Camera::from_facts(&facts, None, Heights::default());
    let why = "GPSTrack is from magnetic north and is not used";
    assert_eq!((camera.track_deg, camera.why.as_deref()), (None, Some(why)));
}

#[test]
fn a_datum_and_a_status_in_xmp_are_said_as_in_exif() {
    for (name, text, is_said) in [
        ("GPSMapDatum", "TOKYO", true),
        ("GPSMapDatum", "WGS-84", false),
        ("GPSStatus", "V", true),
        ("GPSStatus", "A", false),
    ] {
        let camera = with_words(&PictureFacts::default(), &[PLACE[0], PLACE[1], (name, text)]);
        assert_eq!(camera.position, Position::new(13.4, 52.5).ok(), "{name}");
        assert_eq!(camera.why.is_some(), is_said, "{name} {text}: {:?}", camera.why);
    }
}

#[test]
fn one_coordinate_of_xmp_alone_is_said() {
    let camera = with_words(&PictureFacts::default(), &PLACE[..1]);
    let why = "XMP GPSLatitude has no GPSLongitude beside it";
    assert_eq!((camera.position, camera.why.as_deref()), (None, Some(why)));
}

#[test]
fn a_stamp_and_a_height_of_xmp_count_without_a_position_there() {
    let none = PictureFacts::default();
    let stamp = ("GPSTimeStamp", "2024-05-01T10:00:00Z");
    assert_eq!(with_words(&none, &[stamp]).captured_ms, Some(1_714_557_600_000));
    let clock = ("DateTimeOriginal", "2024-05-01T17:00:00");
    let zone = with_words(&none, &[stamp, clock]).zone.map(|zone| zone.to_string());
    assert_eq!(zone.as_deref(), Some("+07:00"));
    let mut placed = at_noon(Some(7200));
    (placed.exif.gps.lat, placed.exif.gps.lon) = (Some(52.5), Some(13.4));
    let why = with_words(&placed, &[("GPSTimeStamp", "2024-05-01T05:00:00Z")]).why.unwrap();
    assert!(why.contains("is 5 h before that of the clock"), "{why}");
    let height = [("GPSAltitude", "1235/10"), ("GPSAltitudeRef", "1")];
    assert_eq!(with_words(&none, &height).altitude_m, Some(-123.5));
    assert_eq!(with_words(&placed, &height).altitude_m, Some(-123.5));
    let elsewhere = [("GPSLatitude", "48,0.0N"), PLACE[1], height[0], height[1]];
    assert_eq!(with_words(&placed, &elsewhere).altitude_m, None, "of another position");
    placed.exif.gps.altitude_m = Some(40.0);
    assert_eq!(with_words(&placed, &height).altitude_m, Some(40.0));
    placed.exif.gps.altitude_m = Some(65_535.0);
    assert_eq!(with_words(&placed, &height).altitude_m, None, "an unreadable one is not replaced");
}

fn hour(hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2024, 5, 1).unwrap().and_hms_opt(hour, 0, 0).unwrap()
}

fn at_noon(offset_s: Option<i32>) -> PictureFacts {
    let mut facts = PictureFacts::default();
    let offset = offset_s.and_then(FixedOffset::east_opt);
    facts.exif.original = Some(CameraTime { local: hour(12), offset });
    facts
}

#[test]
fn what_exif_has_beside_no_position_stays_with_the_position_of_xmp() {
    let mut facts = PictureFacts::default();
    facts.exif.gps.altitude_m = Some(40.0);
    facts.exif.gps.utc = Some(hour(10));
    let camera = with_words(&facts, &PLACE);
    assert_eq!((camera.altitude_m, camera.gps_ms), (Some(40.0), Some(1_714_557_600_000)));
}

#[test]
fn a_zone_that_contradicts_its_offset_is_said_in_xmp_too() {
    let time = ("DateTimeOriginal", "2024-07-01T12:00:00+02:00[America/New_York]");
    let why = with_words(&PictureFacts::default(), &[time]).why.unwrap();
    assert!(why.contains("names America/New_York, where the offset is -04:00 then"), "{why}");
}
