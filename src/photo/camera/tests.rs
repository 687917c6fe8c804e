//! Tests of how a file's metadata is interpreted.

use chrono::{FixedOffset, NaiveDate};

use super::*;
use crate::format::exif::tags;
use crate::row::{Columns, Field, Row};

fn clock(hour: u32, minute: u32, second: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2024, 5, 1).unwrap().and_hms_opt(hour, minute, second).unwrap()
}

fn facts(clock: NaiveDateTime, offset_s: Option<i32>, gps: Option<NaiveDateTime>) -> PictureFacts {
    let mut facts = PictureFacts::default();
    let offset = offset_s.and_then(FixedOffset::east_opt);
    facts.exif.original = Some(CameraTime { local: clock, offset });
    facts.exif.gps.utc = gps;
    facts
}

fn cells(facts: &PictureFacts, fields: &[Field]) -> Vec<String> {
    let mut row = Row::new(Columns::from_fields(&COLUMNS));
    Camera::from_facts(facts, None, Heights::default()).fill(&mut row);
    fields.iter().map(|&field| row.get(field).unwrap_or_default().to_string()).collect()
}

const TIMES: [Field; 4] = [Field::TakenAt, Field::CapturedAt, Field::Zone, Field::ZoneBy];

#[test]
fn a_clock_without_a_zone_is_no_instant() {
    let cells = cells(&facts(clock(12, 0, 0), None, None), &TIMES);
    assert_eq!(cells, ["2024-05-01T12:00:00", "", "", ""]);
}

#[test]
fn an_unreadable_date_is_not_made_up_for_by_another() {
    let mut facts = facts(clock(12, 0, 0), None, None);
    facts.exif.digitized = facts.exif.original.take();
    assert_eq!(cells(&facts, &TIMES)[0], "2024-05-01T12:00:00", "where there is no other");
    for tag in [tags::DATE_TIME_ORIGINAL, tags::MAIN_DATE_TIME_ORIGINAL] {
        facts.exif.unread = vec![tag];
        assert_eq!(cells(&facts, &TIMES)[0], "");
    }
}

#[test]
fn the_offset_tag_comes_before_the_gps_time() {
    let cells = cells(&facts(clock(12, 0, 0), Some(7200), Some(clock(9, 59, 57))), &TIMES);
    assert_eq!(cells, ["2024-05-01T12:00:00", "1714557600000", "+02:00", "offset"]);
}

#[test]
fn the_gps_time_tells_the_zone_of_the_clock_and_the_instant_is_the_clock_s() {
    let near = cells(&facts(clock(12, 0, 3), None, Some(clock(10, 0, 0))), &TIMES);
    assert_eq!(near[1..], ["1714557603000", "+02:00", "gps"]);
}

const EVIDENCE: [Field; 4] = [Field::CapturedAt, Field::Zone, Field::ZoneBy, Field::Why];

/// The result for a photo from Berlin at noon by the clock, which is 10:00 UTC, with this stamp.
fn berlin(gps: Option<NaiveDateTime>, offset_s: Option<i32>) -> Vec<String> {
    let mut facts = facts(clock(12, 0, 0), offset_s, gps);
    (facts.exif.gps.lat, facts.exif.gps.lon) = (Some(52.5), Some(13.4));
    cells(&facts, &EVIDENCE)
}

#[test]
fn a_stamp_only_finds_a_zone_that_is_in_force_at_the_place() {
    let (ten, noon) = ("1714557600000", "1714564800000");
    let days = chrono::TimeDelta::days;
    for (gps, offset_s, [captured, zone, by, why]) in [
        (None, None, [ten, "Europe/Berlin", "place", ""]),
        (Some(clock(10, 0, 40)), None, [ten, "+02:00", "gps", ""]),
        // Stale: 9:45 would be a zone of +02:15, 9:00 one of +03:00.
        (Some(clock(9, 45, 0)), None, [ten, "Europe/Berlin", "place", "is 15 min before"]),
        (Some(clock(9, 0, 0)), None, [ten, "Europe/Berlin", "place", "is 1 h before"]),
        // Local time instead of UTC.
        (Some(clock(12, 0, 0)), None, [ten, "Europe/Berlin", "place", "is 2 h after"]),
        (Some(clock(10, 0, 0) - days(7_168)), None, [ten, "+02:00", "gps", "by 1024 weeks"]),
        (Some(clock(10, 0, 0) - days(14_336)), None, [ten, "+02:00", "gps", "by 2048 weeks"]),
        // At noon, the date of a stamp is that of the clock, if neither is wrong.
        (
            Some(clock(10, 0, 0) + days(1)),
            None,
            [ten, "Europe/Berlin", "place", "is 24 h after that of the clock"],
        ),
        (
            Some(clock(10, 0, 0) - days(5_000)),
            None,
            [ten, "Europe/Berlin", "place", "is 5,000 days before"],
        ),
        // The tag wins, and the contradiction is reported.
        (Some(clock(10, 0, 0)), Some(0), [noon, "+00:00", "offset", "is 2 h before"]),
        (Some(clock(10, 0, 0)), Some(7200), [ten, "+02:00", "offset", ""]),
    ] {
        let is = berlin(gps, offset_s);
        assert_eq!([&is[0], &is[1], &is[2]], [captured, zone, by], "{gps:?}");
        assert!(is[3].contains(why) && why.is_empty() == is[3].is_empty(), "{gps:?}: {}", is[3]);
    }
}

/// What `geotag-gpx --write --camera-ahead 97` has left.
#[test]
fn a_stamp_that_was_written_with_a_computed_place_says_each_difference() {
    let why = |gps, offset_s, by: Option<&str>| {
        let mut facts = facts(clock(12, 1, 37), offset_s, Some(gps));
        (facts.exif.gps.lat, facts.exif.gps.lon) = (Some(52.5), Some(13.4));
        let value = by.map(|by| xmp::Set::Text(by.into()));
        let edit = xmp::Edit { namespace: xmp::OWN, name: "PositionBy", value };
        let packet = by.map(|_| xmp::edit(None, &[edit]).unwrap().unwrap());
        packet.iter().for_each(|packet| facts.xmp = xmp::read(packet));
        cells(&facts, &EVIDENCE)[3].clone()
    };
    let said = "the GPS time 2024-05-01T10:00:00Z is 1 min 37 s before that of the clock";
    for offset_s in [Some(7200), None] {
        assert_eq!(why(clock(10, 0, 0), offset_s, Some("interpolated")), said);
        // A camera's own stamp is often some seconds old.
        assert_eq!(why(clock(10, 0, 0), offset_s, None), "");
        // Photos of one second are spread over it.
        let spread = clock(10, 1, 37) + chrono::TimeDelta::milliseconds(999);
        assert_eq!(why(spread, offset_s, Some("interpolated")), "");
        let next = clock(10, 1, 38);
        assert!(why(next, offset_s, Some("nearest")).ends_with("is 1 s after that of the clock"));
    }
    assert!(why(clock(9, 45, 0), Some(7200), Some("interpolated")).contains("16 min"));
}

#[test]
fn a_stamp_with_the_date_of_the_clock_is_a_day_off_around_midnight() {
    // Half past midnight of 1 May in Berlin is 22:30 UTC of 30 April.
    for place in [None, Some(52.5)] {
        let mut facts = facts(clock(0, 30, 0), None, Some(clock(22, 30, 0)));
        (facts.exif.gps.lat, facts.exif.gps.lon) = (place, place.map(|_| 13.4));
        let is = cells(&facts, &EVIDENCE);
        assert_eq!(is[..3], ["1714516200000", "+02:00", "gps"]);
        assert!(
            is[3].contains("is a day off, as where a camera writes its local date"),
            "{}",
            is[3]
        );
    }
    let other = facts(clock(14, 0, 0), None, Some(clock(0, 0, 0) - chrono::TimeDelta::days(1)));
    assert!(cells(&other, &EVIDENCE)[3].contains("in no zone"));
}

#[test]
fn without_a_place_a_stamp_tells_only_an_offset_that_is_in_use() {
    let zone = |gps| cells(&facts(clock(12, 0, 0), None, Some(gps)), &EVIDENCE)[1..].to_vec();
    assert_eq!(zone(clock(6, 15, 0))[..2], ["+05:45", "gps"], "Nepal");
    for gps in [clock(9, 45, 0), clock(9, 53, 0), clock(9, 45, 0) - chrono::TimeDelta::days(5_000)]
    {
        let is = zone(gps);
        assert_eq!(is[..2], ["", ""]);
        assert!(is[2].contains("fits the clock 2024-05-01T12:00:00 in no zone"), "{}", is[2]);
    }
}

#[test]
fn hours_that_come_twice_or_never_are_said() {
    let at = |month, day, gps| {
        let local =
            NaiveDate::from_ymd_opt(2024, month, day).unwrap().and_hms_opt(2, 30, 0).unwrap();
        let mut facts = facts(local, None, gps);
        (facts.exif.gps.lat, facts.exif.gps.lon) = (Some(52.5), Some(13.4));
        cells(&facts, &EVIDENCE)
    };
    let twice = at(10, 27, None);
    assert_eq!(twice[0], "1729989000000");
    assert!(twice[3].contains("comes twice in Europe/Berlin"), "{}", twice[3]);
    let later = NaiveDate::from_ymd_opt(2024, 10, 27).unwrap().and_hms_opt(1, 30, 5);
    assert_eq!(at(10, 27, later), ["1729992600000", "+01:00", "gps", ""]);
    let never = at(3, 31, None);
    assert_eq!(never[0], "");
    assert!(never[3].contains("no clock of Europe/Berlin ever shows"), "{}", never[3]);
}

#[test]
fn a_stamp_without_a_clock_is_the_instant_unless_no_camera_had_gps_yet() {
    let mut facts = PictureFacts::default();
    facts.exif.gps.utc = Some(clock(10, 0, 0));
    assert_eq!(cells(&facts, &EVIDENCE), ["1714557600000", "", "gps", ""]);
    facts.exif.gps.utc = Some(clock(10, 0, 0) - chrono::TimeDelta::days(14_336));
    let old = cells(&facts, &EVIDENCE);
    assert_eq!(old[0], "");
    assert!(old[3].contains("is older than cameras with GPS"), "{}", old[3]);
}

#[test]
fn the_gps_time_of_a_place_that_was_worked_out_does_not_move_the_clock() {
    let mut facts = facts(clock(12, 0, 10), None, Some(clock(10, 0, 0)));
    let edit = xmp::Edit {
        namespace: xmp::OWN,
        name: "PositionBy",
        value: Some(xmp::Set::Text("interpolated".into())),
    };
    facts.xmp = xmp::read(&xmp::edit(None, &[edit]).unwrap().unwrap());
    let cells = cells(&facts, &[Field::CapturedAt, Field::Zone, Field::PositionBy]);
    assert_eq!(cells, ["1714557610000", "+02:00", "interpolated"]);
}

#[test]
fn a_true_zero_is_a_value() {
    let mut facts = PictureFacts::default();
    (facts.exif.gps.lat, facts.exif.gps.lon) = (Some(51.5), Some(-0.0));
    facts.exif.gps.altitude_m = Some(0.0);
    assert_eq!(cells(&facts, &[Field::Lat, Field::Lon, Field::Altitude]), ["51.5", "0", "0"]);
}

#[test]
fn a_compass_that_was_not_corrected_says_so() {
    let mut facts = PictureFacts::default();
    facts.exif.gps.img_direction = Some(Direction { deg: 12.345, magnetic: true });
    assert_eq!(cells(&facts, &[Field::CompassAngle, Field::DirectionBy]), ["12.35", "magnetic"]);
}

#[test]
fn a_direction_just_short_of_north_is_0_and_never_360() {
    let mut facts = PictureFacts::default();
    let nearly = Direction { deg: 359.999_999_9, magnetic: false };
    (facts.exif.gps.img_direction, facts.exif.gps.track) = (Some(nearly), Some(nearly));
    assert_eq!(cells(&facts, &[Field::CompassAngle, Field::TrackDeg]), ["0", "0"]);
}

#[test]
fn a_height_whose_sign_was_restored_is_said() {
    let mut facts = PictureFacts::default();
    facts.exif.gps.altitude_m = Some(4_294_967_286.0);
    let camera = Camera::from_facts(&facts, None, Heights::default());
    let why = "GPSAltitude 4294967286 lost its sign, and -10 is used";
    assert_eq!((camera.altitude_m, camera.why.as_deref()), (Some(-10.0), Some(why)));
}

#[test]
fn a_new_position_takes_remarks_on_the_old_one_along_and_leaves_those_on_times() {
    let time =
        "time 2024-05-01T12:00:00 of EXIF is used, exif:DateTimeOriginal says 2024-05-02T12:00:00";
    let stamp = "the GPS time 2024-05-01T05:00:00Z is 5 h before that of the clock";
    let place = "position 13.4, 52.5 of EXIF is used, exif:GPSLatitude says 13.4, 48.5";
    let mut row = Row::from_cells(&[(Field::Why, &format!("{time}; {place}; {stamp}"))]);
    keep_stamp_remarks(&mut row);
    assert_eq!(row.get(Field::Why), Some(&format!("{time}; {stamp}")[..]));
}

#[test]
fn decimals_end_where_the_number_does() {
    let texts = [1.5, -0.000_000_001, 100.0, 12.345_678_9].map(|number| decimal(number, 4));
    assert_eq!(texts, ["1.5", "0", "100", "12.3457"]);
}

#[test]
fn a_height_is_found_behind_its_spelling_or_absent_with_why() {
    let with = |altitude_m: f64, wrapped_m: Option<f64>| {
        let mut facts = PictureFacts::default();
        facts.exif.gps.altitude_m = Some(altitude_m);
        facts.exif.gps.altitude_wrapped_m = wrapped_m;
        let cells = cells(&facts, &[Field::Altitude, Field::Why]);
        (cells[0].clone(), !cells[1].is_empty())
    };
    assert_eq!(with(-10.1, None), ("-10.1".into(), false));
    assert_eq!(with(429_496_719.5, Some(-10.1)), ("-10.1".into(), true), "the sign is restored");
    // A large denominator leads to a large numerator.
    assert_eq!(with(300.0, Some(-129.5)), ("300".into(), false));
    for m in [65_535.0, -32_768.0, -19_999.0, 1e25, 25_000.0] {
        assert_eq!(with(m, None), (String::new(), true), "{m}");
    }
    let mut facts = PictureFacts::default();
    facts.exif.gps.altitude_m = Some(25_000.0);
    let wide = "0,40000".parse().unwrap();
    assert_eq!(Camera::from_facts(&facts, None, wide).altitude_m, Some(25_000.0));
}

#[test]
fn a_height_in_xmp_is_read_as_in_exif() {
    let height = |text: &str, below: &str| {
        let edit = |name, text: &str| xmp::Edit {
            namespace: xmp::EXIF,
            name,
            value: Some(xmp::Set::Text(text.into())),
        };
        let edits = [
            edit("GPSLatitude", "1,0N"),
            edit("GPSLongitude", "1,0E"),
            edit("GPSAltitude", text),
            edit("GPSAltitudeRef", below),
        ];
        let xmp = xmp::read(&xmp::edit(None, &edits).unwrap().unwrap());
        let camera = Camera::from_facts(
            &PictureFacts { xmp, ..PictureFacts::default() },
            None,
            Heights::default(),
        );
        (camera.altitude_m, camera.why.is_some())
    };
    assert_eq!(height("101/10", "0"), (Some(10.1), false));
    assert_eq!(height("101/10", "1"), (Some(-10.1), false));
    assert_eq!(height("4294967195/10", "0"), (Some(-10.1), true));
    assert_eq!(height("65535", "0"), (None, true));
    assert_eq!(height("32768", "1"), (None, true));
    assert_eq!(height("high", "0"), (None, true));
}

#[test]
fn directions_and_speeds_in_xmp_are_read_as_in_exif() {
    let camera = |words: &[(&'static str, &str)]| {
        let place = [("GPSLatitude", "47,30N"), ("GPSLongitude", "8,15E")];
        let edits: Vec<_> = place
            .iter()
            .chain(words)
            .map(|&(name, text)| xmp::Edit {
                namespace: xmp::EXIF,
                name,
                value: Some(xmp::Set::Text(text.into())),
            })
            .collect();
        let xmp = xmp::read(&xmp::edit(None, &edits).unwrap().unwrap());
        let facts = PictureFacts { xmp, ..PictureFacts::default() };
        Camera::from_facts(&facts, None, Heights::default())
    };
    for (text, deg) in [
        ("90", Some(90.0)),
        ("-90/1", Some(270.0)),
        ("360", Some(0.0)),
        ("361", None),
        ("65535/1", None),
        ("1/0", None),
    ] {
        for name in ["GPSImgDirection", "GPSTrack"] {
            let camera = camera(&[(name, text), ("GPSTrackRef", "T")]);
            let found = camera.direction.map(|direction| direction.deg).or(camera.track_deg);
            assert_eq!(found, deg, "{name} {text}");
            assert_eq!(camera.why.is_some(), deg.is_none(), "{name} {text}");
        }
    }
    for (letter, is_magnetic) in [("M", true), ("m", true), ("T", false)] {
        let camera = camera(&[("GPSImgDirection", "90"), ("GPSImgDirectionRef", letter)]);
        assert_eq!(camera.direction.map(|found| found.magnetic), Some(is_magnetic), "{letter}");
    }
    for (speed, unit, kmh) in [
        ("10", Some("K"), Some(10.0)),
        ("10", None, Some(10.0)),
        ("10", Some("M"), Some(16.09344)),
        ("10", Some("n"), Some(18.52)),
        ("10", Some("X"), None),
        ("-1", Some("K"), None),
    ] {
        let words = [("GPSSpeed", Some(speed)), ("GPSSpeedRef", unit)];
        let words = words.into_iter().filter_map(|(name, text)| Some((name, text?)));
        let camera = camera(&words.collect::<Vec<_>>());
        assert_eq!(camera.speed_kmh, kmh, "{speed} {unit:?}");
        assert_eq!(camera.why.is_some(), kmh.is_none(), "{speed} {unit:?}");
    }
    assert_eq!(camera(&[("GPSDOP", "-1")]).hdop, None);
    assert_eq!(camera(&[("GPSDOP", "3/2")]).hdop, Some(1.5));
}
