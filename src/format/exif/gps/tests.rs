use chrono::NaiveDate;

use super::*;
use crate::format::exif::{Edit, Value, write};

fn read_back(edits: &[Edit]) -> (Gps, Vec<String>) {
    let block = write::edit(None, edits, 65_527, None).unwrap().unwrap();
    let facts = crate::format::exif::read(&mut &block[..]).unwrap();
    (facts.gps, facts.faults.into_iter().map(|fault| fault.what).collect())
}

fn with(tag: Tag, value: Value) -> Edit {
    Edit { tag, value: Some(value) }
}

fn ascii(tag: Tag, text: &str) -> Edit {
    with(tag, Value::Ascii(text.into()))
}

fn ratio(tag: Tag, above: u32, below: u32) -> Edit {
    with(tag, Value::Rational(vec![(above, below)]))
}

#[test]
fn a_position_comes_back_as_it_was_set() {
    let utc = NaiveDate::from_ymd_opt(2024, 5, 1).unwrap().and_hms_milli_opt(23, 59, 59, 250);
    let gps = Gps {
        lat: Some(-0.000_001),
        lon: Some(179.999_999_999),
        altitude_m: Some(-12.345),
        utc,
        track: Some(Direction { deg: 359.99, magnetic: false }),
        speed_kmh: Some(0.0),
        dop: Some(1.25),
        ..Gps::default()
    };
    let (found, faults) = read_back(&position_edits(&gps));
    assert_eq!(faults, [""; 0]);
    let near = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 2e-9;
    assert!(near(found.lat, gps.lat) && near(found.lon, gps.lon), "{found:?}");
    assert_eq!(Gps { lat: gps.lat, lon: gps.lon, ..found }, gps);
}

#[test]
fn what_cannot_be_read_is_said_and_never_passed_over() {
    let north = ascii(tags::GPS_LATITUDE_REF, "N");
    for (edits, fault) in [
        (vec![north.clone(), ascii(tags::GPS_LATITUDE, "51.5")], "GPSLatitude is not a number"),
        (vec![ratio(tags::GPS_LATITUDE, 51, 1)], "GPSLatitude has no reference N or S"),
        (vec![north, ratio(tags::GPS_LATITUDE, 91, 1)], "GPSLatitude is 91, beyond 90 degrees"),
        (vec![ascii(tags::GPS_ALTITUDE, "12 m")], "GPSAltitude is not a number"),
        (vec![ascii(tags::GPS_IMG_DIRECTION, "north")], "GPSImgDirection is not a number"),
        (vec![ratio(tags::GPS_TRACK, 999, 1)], "GPSTrack is 999, beyond 360 degrees"),
        (vec![ascii(tags::GPS_SPEED, "fast")], "GPSSpeed is not a number"),
        (
            vec![ratio(tags::GPS_SPEED, 5, 1), ascii(tags::GPS_SPEED_REF, "X")],
            "GPSSpeed has the unknown unit 'X'",
        ),
        (vec![ascii(tags::GPS_DOP, "good")], "GPSDOP is not a number"),
        (
            vec![with(tags::GPS_TIME_STAMP, Value::Rational(vec![(12, 1), (30, 1), (0, 1)]))],
            "GPSTimeStamp has no GPSDateStamp beside it",
        ),
        (
            vec![ascii(tags::GPS_DATE_STAMP, "2024:05:01")],
            "GPSTimeStamp is missing beside the GPSDateStamp 2024-05-01",
        ),
    ] {
        let (gps, faults) = read_back(&edits);
        assert_eq!(faults[0], fault);
        assert_eq!((gps.lat, gps.altitude_m, gps.utc), (None, None, None), "{fault}");
    }
}

#[test]
fn every_spelling_of_a_known_stamp_is_read_right() {
    let clock = |s| with(tags::GPS_TIME_STAMP, Value::Rational(vec![(10, 1), (5, 1), (s, 1)]));
    let text = |text| ascii(tags::GPS_TIME_STAMP, text);
    let day = |text| ascii(tags::GPS_DATE_STAMP, text);
    for (edits, expected) in [
        (vec![day("2024:05:01"), clock(0)], "2024-05-01 10:05:00"),
        (vec![day("20240501"), clock(0)], "2024-05-01 10:05:00"),
        (vec![day("2024:05:01"), clock(60)], "2024-05-01 10:06:00"),
        (vec![day("2024:05:01"), text("10:05:00.5")], "2024-05-01 10:05:00.500"),
        (vec![day("2024:05:01 10:05:00"), clock(0)], "2024-05-01 10:05:00"),
        (vec![day("2024-05-01T12:05:00+02:00")], "2024-05-01 10:05:00"),
    ] {
        let (gps, faults) = read_back(&edits);
        let utc = gps.utc.map(|utc| utc.to_string());
        assert_eq!((utc.as_deref(), faults), (Some(expected), vec![]), "{edits:?}");
    }
    let (gps, faults) = read_back(&[day("2024:05:01 11:00:00"), clock(0)]);
    assert_eq!(gps.utc, None);
    assert!(faults[0].contains("differs from the time"), "{faults:?}");
}

#[test]
fn a_receiver_that_knows_nothing_says_nothing() {
    let nothing = Value::Rational(vec![(0, 0), (0, 0), (0, 0)]);
    let zeros = Value::Rational(vec![(0, 1), (0, 1), (0, 1)]);
    let (gps, faults) = read_back(&[
        with(tags::GPS_LATITUDE, nothing.clone()),
        with(tags::GPS_LONGITUDE, nothing),
        ratio(tags::GPS_ALTITUDE, 0, 0),
        ratio(tags::GPS_IMG_DIRECTION, 0, 0),
        with(tags::GPS_TIME_STAMP, zeros),
    ]);
    assert_eq!((gps, faults), (Gps::default(), Vec::new()));
}

#[test]
fn the_reference_of_a_height_is_read_in_every_type() {
    for (value, above) in [
        (Value::Byte(vec![0]), true),
        (Value::Byte(vec![1]), false),
        (Value::Byte(vec![3]), false),
        (Value::Short(0), true),
        (Value::Short(1), false),
        (Value::Long(1), false),
        (Value::Ascii("1".into()), false),
        (Value::Undefined(vec![1]), false),
    ] {
        let edits =
            [with(tags::GPS_ALTITUDE_REF, value.clone()), ratio(tags::GPS_ALTITUDE, 101, 10)];
        let (gps, faults) = read_back(&edits);
        let sign = if above { 1.0 } else { -1.0 };
        assert_eq!((gps.altitude_m, faults), (Some(sign * 10.1), Vec::new()), "{value:?}");
    }
    let (gps, _) = read_back(&[ratio(tags::GPS_ALTITUDE, 4_294_967_195, 10)]);
    assert_eq!(gps.altitude_wrapped_m, Some(-10.1));
    assert_eq!(gps.altitude_m, Some(429_496_719.5));
}

#[test]
fn degrees_minutes_and_seconds_are_one_number_with_its_sign() {
    let parts = |parts: [(u32, u32); 3]| with(tags::GPS_LATITUDE, Value::Rational(parts.into()));
    let lon = [ascii(tags::GPS_LONGITUDE_REF, "E"), ratio(tags::GPS_LONGITUDE, 9, 1)];
    for (lat, letter, deg) in [
        ([(51, 1), (30, 1), (36, 1)], "N", Some(51.51)),
        ([(51, 1), (30, 1), (36, 1)], "S", Some(-51.51)),
        ([(51, 1), (30, 1), (36, 1)], "E", None),
        ([(51, 1), (60, 1), (0, 1)], "N", Some(52.0)),
        ([(51, 1), (61, 1), (0, 1)], "N", None),
        ([(51, 1), (30, 1), (61, 1)], "N", None),
        // Seconds may be missing only if the minutes have decimals.
        ([(51, 1), (305, 10), (0, 0)], "N", Some(51.0 + 30.5 / 60.0)),
        ([(51, 1), (30, 1), (0, 0)], "N", None),
        ([(0, 1), (0, 1), (0, 1)], "N", Some(0.0)),
        ([(90, 1), (0, 1), (0, 1)], "S", Some(-90.0)),
    ] {
        let edits = [&[parts(lat), ascii(tags::GPS_LATITUDE_REF, letter)][..], &lon].concat();
        let (gps, faults) = read_back(&edits);
        let is_near = gps.lat.zip(deg).is_none_or(|(found, deg)| (found - deg).abs() < 1e-12);
        assert!(is_near && gps.lat.is_some() == deg.is_some(), "{lat:?} {letter}: {gps:?}");
        assert_eq!(faults.is_empty(), deg.is_some(), "{lat:?} {letter}: {faults:?}");
    }
}

#[test]
fn zero_and_zero_is_no_place_and_what_stands_beside_it_is_of_none() {
    let place = |lat: u32, lon: u32| {
        let refs = [ascii(tags::GPS_LATITUDE_REF, "N"), ascii(tags::GPS_LONGITUDE_REF, "E")];
        let numbers = [ratio(tags::GPS_LATITUDE, lat, 1), ratio(tags::GPS_LONGITUDE, lon, 1)];
        let height = [ratio(tags::GPS_ALTITUDE, 12, 1)];
        let gps = read_back(&[&refs[..], &numbers, &height].concat()).0;
        (gps.lat, gps.lon, gps.altitude_m)
    };
    assert_eq!(place(0, 0), (None, None, None));
    assert_eq!(place(0, 9), (Some(0.0), Some(9.0), Some(12.0)));
    assert_eq!(place(51, 0), (Some(51.0), Some(0.0), Some(12.0)));
}

#[test]
fn a_speed_is_in_the_unit_that_stands_beside_it() {
    for (unit, kmh) in [("K", 50.0), ("M", 80.4672), ("N", 92.6)] {
        let edits = [ratio(tags::GPS_SPEED, 50, 1), ascii(tags::GPS_SPEED_REF, unit)];
        assert!((read_back(&edits).0.speed_kmh.unwrap() - kmh).abs() < 1e-9, "{unit}");
    }
    assert_eq!(read_back(&[ratio(tags::GPS_SPEED, 50, 1)]).0.speed_kmh, Some(50.0));
}

fn berlin() -> Vec<Edit> {
    vec![
        ascii(tags::GPS_LATITUDE_REF, "N"),
        ratio(tags::GPS_LATITUDE, 525, 10),
        ascii(tags::GPS_LONGITUDE_REF, "E"),
        ratio(tags::GPS_LONGITUDE, 134, 10),
    ]
}

#[test]
fn a_position_of_another_datum_or_without_a_fix_is_used_and_that_is_said() {
    for (tag, text, why) in [
        (tags::GPS_MAP_DATUM, "TOKYO", Some("GPSMapDatum is 'TOKYO', and the position is used")),
        (tags::GPS_MAP_DATUM, "WGS-84", None),
        (tags::GPS_STATUS, "V", Some("GPSStatus is V: the receiver had no fix")),
        (tags::GPS_STATUS, "A", None),
    ] {
        let (gps, faults) = read_back(&[berlin(), vec![ascii(tag, text)]].concat());
        assert_eq!((gps.lat, gps.lon), (Some(52.5), Some(13.4)), "{text}");
        assert_eq!(faults.len(), usize::from(why.is_some()), "{faults:?}");
        assert!(
            faults.iter().all(|fault| fault.starts_with(why.unwrap_or_default())),
            "{faults:?}"
        );
    }
    let (gps, faults) =
        read_back(&[ascii(tags::GPS_MAP_DATUM, "TOKYO"), ascii(tags::GPS_STATUS, "V")]);
    assert_eq!((gps.lat, faults), (None, Vec::new()), "without a place, nothing is doubtful");
}

#[test]
fn a_number_over_zero_is_no_number_and_only_0_over_0_is_silent() {
    for tag in [tags::GPS_ALTITUDE, tags::GPS_SPEED, tags::GPS_IMG_DIRECTION, tags::GPS_DOP] {
        assert_eq!(read_back(&[ratio(tag, 5, 0)]).1, [format!("{} is 5/0", tag.name)]);
        assert_eq!(read_back(&[ratio(tag, 0, 0)]).1, [""; 0]);
    }
    let mut place = berlin();
    place[1] = with(tags::GPS_LATITUDE, Value::Rational(vec![(5, 0); 3]));
    assert_eq!(read_back(&place).1[0], "GPSLatitude is 5/0");
}

#[test]
fn the_sign_of_the_degrees_is_that_of_the_whole() {
    use crate::format::exif::byte_order::ByteOrder;
    use crate::format::exif::value::kind;
    let signed = |parts: [(i32, i32); 3]| {
        let words = parts.iter().flat_map(|&(above, below)| [above, below]);
        let bytes: Vec<u8> = words.flat_map(i32::to_be_bytes).collect();
        Raw { kind: kind::SRATIONAL, count: 3, bytes, order: ByteOrder::Big }
    };
    assert_eq!(degrees_of(&signed([(-52, 1), (30, 1), (36, 1)])), Ok(Some(-52.51)));
    assert_eq!(degrees_of(&signed([(52, 1), (30, 1), (36, 1)])), Ok(Some(52.51)));
    assert!(degrees_of(&signed([(-52, 1), (-30, 1), (0, 1)])).is_err());
    assert_eq!(super::signed(-52.51, Some('S'), ['N', 'S']), Ok(-52.51));
    assert!(super::signed(-52.51, Some('N'), ['N', 'S']).is_err());
}

#[test]
fn a_zone_that_contradicts_the_offset_of_a_date_stamp_is_said() {
    let (gps, faults) =
        read_back(&[ascii(tags::GPS_DATE_STAMP, "2024-05-01T12:05:00+02:00[America/New_York]")]);
    assert_eq!(gps.utc.map(|utc| utc.to_string()).as_deref(), Some("2024-05-01 10:05:00"));
    assert!(faults[0].contains("names America/New_York"), "{faults:?}");
}

#[test]
fn the_date_of_a_receiver_that_knows_none_is_said() {
    for (date, day) in [("1980:01:06", "1980-01-06"), ("1970:01:01", "1970-01-01")] {
        let clock = with(tags::GPS_TIME_STAMP, Value::Rational(vec![(0, 1); 3]));
        let (gps, faults) = read_back(&[ascii(tags::GPS_DATE_STAMP, date), clock]);
        assert_eq!(gps.utc, None);
        assert!(faults[0].starts_with(&format!("GPSDateStamp is {day}, where")), "{faults:?}");
    }
}
