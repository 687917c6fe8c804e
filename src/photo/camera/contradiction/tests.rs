//! Tests of what is said where EXIF, the XMP packet and a sidecar differ.

use chrono::{FixedOffset, NaiveDate, TimeDelta};

use super::*;
use crate::format::xmp::{Namespace, Packet};

fn packet(words: &[(Namespace, &'static str, &str)]) -> Packet {
    let edit = |&(namespace, name, text): &(Namespace, &'static str, &str)| xmp::Edit {
        namespace,
        name,
        value: Some(xmp::Set::Text(text.into())),
    };
    let edits: Vec<_> = words.iter().map(edit).collect();
    xmp::read(&xmp::edit(None, &edits).unwrap().unwrap())
}

fn noon(offset_s: Option<i32>) -> CameraTime {
    let local = NaiveDate::from_ymd_opt(2024, 7, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
    CameraTime { local, offset: offset_s.and_then(FixedOffset::east_opt) }
}

fn why(facts: &PictureFacts) -> String {
    Camera::from_facts(facts, None, Heights::default()).why.unwrap_or_default()
}

/// What is said about DateTimeOriginal of noon beside a date in XMP.
fn beside_noon(offset_s: Option<i32>, name: Name, text: &str) -> String {
    let mut facts =
        PictureFacts { xmp: packet(&[(name.0, name.1, text)]), ..PictureFacts::default() };
    facts.exif.original = Some(noon(offset_s));
    why(&facts)
}

#[test]
fn the_date_of_a_packet_that_differs_from_exif_is_said() {
    let original = ORIGINAL[0];
    for (offset_s, text, is_said) in [
        (None, "2024-07-01T12:00:00", false),
        (None, "2024-07-01T12:00:00.75", false),
        (None, "2024-07-01T12:00:00+02:00", false),
        (None, "2024-07-02T12:00:00+02:00", true),
        (None, "2024-07-01T12:00:01", true),
        (Some(7200), "2024-07-01T12:00:00", false),
        (Some(7200), "2024-07-01T10:00:00Z", false),
        (Some(7200), "2024-07-01T12:00:00+05:00", true),
        (Some(7200), "2024-07-01T10:00:00", true),
        (Some(7200), "2024-07-01", false),
    ] {
        assert_eq!(
            !beside_noon(offset_s, original, text).is_empty(),
            is_said,
            "{offset_s:?} {text}"
        );
    }
    let why = beside_noon(Some(7200), ORIGINAL[1], "2024-07-01T12:00:00+05:00");
    let expected = "time 2024-07-01T12:00:00+02:00 of EXIF is used, \
        photoshop:DateCreated says 2024-07-01T12:00:00+05:00";
    assert_eq!(why, expected);
}

#[test]
fn a_date_in_utc_agrees_with_a_clock_whose_zone_is_that_of_the_place() {
    let words = [(xmp::EXIF, "DateTimeOriginal", "2024-07-01T10:00:00Z")];
    let mut facts = PictureFacts { xmp: packet(&words), ..PictureFacts::default() };
    facts.exif.original = Some(noon(None));
    assert!(why(&facts).contains("exif:DateTimeOriginal says 2024-07-01T10:00:00+00:00"));
    (facts.exif.gps.lat, facts.exif.gps.lon) = (Some(52.5), Some(13.4));
    assert_eq!(why(&facts), "");
}

#[test]
fn dates_are_compared_with_those_of_the_same_kind() {
    let later = "2024-07-02T12:00:00";
    assert_eq!(beside_noon(None, DIGITIZED[1], later), "", "a scan");
    for (name, is_said) in
        [(ORIGINAL[0], true), (ORIGINAL[1], true), (DIGITIZED[0], true), (DIGITIZED[1], true)]
    {
        let mut facts =
            PictureFacts { xmp: packet(&[(name.0, name.1, later)]), ..PictureFacts::default() };
        facts.exif.digitized = Some(noon(None));
        assert_eq!(why(&facts).contains("of EXIF is used"), is_said, "{name:?}");
    }
    let both =
        [(xmp::EXIF, "DateTimeOriginal", later), (xmp::XMP, "CreateDate", "2024-07-05T12:00")];
    let mut facts = PictureFacts { xmp: packet(&both), ..PictureFacts::default() };
    assert_eq!(why(&facts), "");
    facts.exif.modified = Some(noon(None));
    let said = why(&facts);
    assert!(said.contains("of XMP is used, the earlier ModifyDate says 2024-07-01"), "{said}");
    let edited = CameraTime { local: noon(None).local + TimeDelta::days(9), offset: None };
    facts.exif.modified = Some(edited);
    assert_eq!(why(&facts), "", "an edit comes later");
}

/// A photo in Berlin that looks east, with a stamp, beside these properties.
fn berlin(words: &[(Namespace, &'static str, &str)]) -> PictureFacts {
    let mut facts = PictureFacts { xmp: packet(words), ..PictureFacts::default() };
    let gps = &mut facts.exif.gps;
    (gps.lat, gps.lon) = (Some(52.5), Some(13.4));
    gps.img_direction = Some(Direction { deg: 90.0, magnetic: false });
    gps.utc = Some(noon(None).local);
    facts
}

#[test]
fn the_place_the_direction_and_the_stamp_of_a_packet_are_compared_with_exif() {
    let (lat, lon) =
        ((xmp::EXIF, "GPSLatitude", "52,30.0N"), (xmp::EXIF, "GPSLongitude", "13,24.0E"));
    let same = [
        lat,
        lon,
        (xmp::EXIF, "GPSImgDirection", "901/10"),
        (xmp::GPANO, "PoseHeadingDegrees", "90.5"),
        (xmp::EXIF, "GPSTimeStamp", "2024-07-01T12:00:00.4Z"),
        (xmp::DJI, "GpsLatitude", "+52.5000001"),
        (xmp::DJI, "GpsLongitude", "+13.4"),
    ];
    assert_eq!(why(&berlin(&same)), "");
    for (words, expected) in [
        (
            &[(xmp::EXIF, "GPSLatitude", "48,30.0N"), lon][..],
            "position 13.4, 52.5 of EXIF is used, exif:GPSLatitude says 13.4, 48.5",
        ),
        (
            &[(xmp::DJI, "GpsLatitude", "48.5"), (xmp::DJI, "GpsLongitude", "13.4")],
            "position 13.4, 52.5 of EXIF is used, drone-dji:GpsLatitude says 13.4, 48.5",
        ),
        (
            &[(xmp::GPANO, "PoseHeadingDegrees", "123.4")],
            "direction 90 of EXIF is used, GPano:PoseHeadingDegrees says 123.4",
        ),
        (
            &[(xmp::EXIF, "GPSImgDirection", "80"), (xmp::EXIF, "GPSImgDirectionRef", "M")],
            "direction 90 of EXIF is used, exif:GPSImgDirection says 80",
        ),
        (
            &[(xmp::EXIF, "GPSTimeStamp", "2024-07-01T05:00:00Z")],
            "GPS time 2024-07-01T12:00:00Z of EXIF is used, exif:GPSTimeStamp says 2024-07-01T05:00:00Z",
        ),
    ] {
        assert_eq!(why(&berlin(words)), expected);
    }
}

#[test]
fn a_place_that_a_tool_computed_is_expected_to_differ() {
    let words = [
        (xmp::DJI, "GpsLatitude", "48.5"),
        (xmp::DJI, "GpsLongitude", "13.4"),
        (xmp::OWN, "PositionBy", "interpolated"),
        (xmp::GPANO, "PoseHeadingDegrees", "123.4"),
        (xmp::OWN, "DirectionBy", "next"),
    ];
    assert_eq!(why(&berlin(&words)), "");
}

#[test]
fn what_differs_within_xmp_is_said_too() {
    let words = [
        (xmp::EXIF, "DateTimeOriginal", "2024-07-01T12:00:00"),
        (xmp::PHOTOSHOP, "DateCreated", "2024-07-02T12:00:00"),
    ];
    let said = why(&PictureFacts { xmp: packet(&words), ..PictureFacts::default() });
    let expected =
        "time 2024-07-01T12:00:00 of XMP is used, photoshop:DateCreated says 2024-07-02T12:00:00";
    assert_eq!(said, expected);
}
