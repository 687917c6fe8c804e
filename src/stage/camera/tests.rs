//! Tests of what a file's words mean.

use chrono::{FixedOffset, NaiveDate};

use super::*;
use crate::row::{Columns, Field, Row};

fn clock(hour: u32, minute: u32, second: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2024, 5, 1).unwrap().and_hms_opt(hour, minute, second).unwrap()
}

fn facts(clock: NaiveDateTime, offset_s: Option<i32>, gps: Option<NaiveDateTime>) -> Facts {
    let mut facts = Facts::default();
    let offset = offset_s.and_then(FixedOffset::east_opt);
    facts.exif.original = Some(CameraTime { local: clock, offset });
    facts.exif.gps.utc = gps;
    facts
}

fn cells(facts: &Facts, fields: &[Field]) -> Vec<String> {
    let mut row = Row::new(Columns::of(&COLUMNS));
    Camera::of(facts, None).fill(&mut row);
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
    facts.exif.unread.push(tags::DATE_TIME_ORIGINAL);
    assert_eq!(cells(&facts, &TIMES)[0], "");
}

#[test]
fn the_offset_tag_comes_before_the_gps_time() {
    let cells = cells(&facts(clock(12, 0, 0), Some(7200), Some(clock(9, 59, 57))), &TIMES);
    assert_eq!(cells, ["2024-05-01T12:00:00", "1714557600000", "+02:00", "offset"]);
}

#[test]
fn the_gps_time_is_the_instant_and_tells_the_zone_of_the_clock() {
    let near = cells(&facts(clock(12, 0, 3), None, Some(clock(10, 0, 0))), &TIMES);
    assert_eq!(near[1..], ["1714557600000", "+02:00", "gps"]);
    let wrong_clock = cells(&facts(clock(12, 7, 0), None, Some(clock(10, 0, 0))), &TIMES);
    assert_eq!(wrong_clock[1..], ["1714557600000", "", "gps"]);
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
    let mut facts = Facts::default();
    (facts.exif.gps.lat, facts.exif.gps.lon) = (Some(0.0), Some(-0.0));
    facts.exif.gps.altitude_m = Some(0.0);
    assert_eq!(cells(&facts, &[Field::Lat, Field::Lon, Field::Altitude]), ["0", "0", "0"]);
}

#[test]
fn a_compass_that_was_not_corrected_says_so() {
    let mut facts = Facts::default();
    facts.exif.gps.img_direction = Some(Direction { deg: 12.345, magnetic: true });
    assert_eq!(cells(&facts, &[Field::CompassAngle, Field::DirectionBy]), ["12.35", "magnetic"]);
}

#[test]
fn decimals_end_where_the_number_does() {
    let texts = [1.5, -0.000_000_001, 100.0, 12.345_678_9].map(|number| decimal(number, 4));
    assert_eq!(texts, ["1.5", "0", "100", "12.3457"]);
}
