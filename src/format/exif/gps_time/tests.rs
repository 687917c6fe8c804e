//! Tests of the instant from GPSDateStamp and GPSTimeStamp.

use super::*;
use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::value::Value;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 5, 1).unwrap()
}

fn at(ms: i64) -> NaiveDateTime {
    day().and_time(NaiveTime::MIN) + chrono::Duration::milliseconds(ms)
}

fn clock(parts: [(u32, u32); 3]) -> Result<Option<i64>, GpsError> {
    time_stamp(&Value::Rational(parts.to_vec()).encode(ByteOrder::Big))
}

const NOON_MS: i64 = 12 * 3_600_000;

#[test]
fn a_day_and_a_time_are_an_instant_and_each_alone_is_none() {
    assert_eq!(joined(Some((day(), None)), Some(NOON_MS)).unwrap(), Some(at(NOON_MS)));
    assert_eq!(joined(Some((day(), Some(NOON_MS))), None).unwrap(), Some(at(NOON_MS)));
    assert_eq!(joined(None, None).unwrap(), None);
    assert!(matches!(joined(None, Some(NOON_MS)), Err(GpsError::NoDate)));
    assert!(matches!(joined(Some((day(), None)), None), Err(GpsError::NoTime(of)) if of == day()));
}

#[test]
fn a_receiver_without_a_fix_has_no_instant() {
    assert_eq!(joined(None, Some(0)).unwrap(), None);
    for (year, month, date) in [(1970, 1, 1), (1980, 1, 6)] {
        let epoch = NaiveDate::from_ymd_opt(year, month, date).unwrap();
        assert_eq!(joined(Some((epoch, None)), Some(NOON_MS)).unwrap(), None);
        assert_eq!(joined(Some((epoch, None)), None).unwrap(), None);
    }
}

#[test]
fn a_time_in_the_date_must_be_that_of_the_time_stamp() {
    let both = |in_date| joined(Some((day(), Some(in_date))), Some(NOON_MS + 250));
    assert_eq!(both(NOON_MS).unwrap(), Some(at(NOON_MS + 250)), "the finer one counts");
    assert!(matches!(both(NOON_MS - 1), Err(GpsError::TwoTimes)));
    assert!(matches!(both(NOON_MS + 1000), Err(GpsError::TwoTimes)));
}

#[test]
fn a_date_stamp_with_a_time_is_in_utc_unless_it_has_an_offset() {
    assert_eq!(date_stamp("2024:05:01").unwrap(), Some((day(), None)));
    assert_eq!(date_stamp("2024:05:01 12:00:00").unwrap(), Some((day(), Some(NOON_MS))));
    let east = date_stamp("2024:05:02 01:00:00+13:00").unwrap();
    assert_eq!(east, Some((day(), Some(NOON_MS))));
    assert!(date_stamp("May").is_err());
}

#[test]
fn hours_minutes_and_seconds_are_fractions_within_a_day() {
    assert_eq!(clock([(12, 1), (30, 1), (1525, 100)]).unwrap(), Some(NOON_MS + 1_815_250));
    assert_eq!(clock([(23, 1), (59, 1), (60, 1)]).unwrap(), Some(24 * 3_600_000));
    for parts in [[(24, 1), (0, 1), (0, 1)], [(0, 1), (60, 1), (0, 1)], [(0, 1), (0, 1), (61, 1)]] {
        assert!(matches!(clock(parts), Err(GpsError::NoClock { .. })), "{parts:?}");
    }
}

#[test]
fn fractions_of_zero_are_an_unknown_time_and_one_of_them_a_fault() {
    assert_eq!(clock([(0, 0); 3]).unwrap(), None);
    assert!(clock([(12, 1), (0, 0), (0, 1)]).is_err());
}

#[test]
fn a_time_stamp_of_text_is_read_too() {
    let text = |text: &str| time_stamp(&Value::Ascii(text.into()).encode(ByteOrder::Little));
    assert_eq!(text("12:00:00").unwrap(), Some(NOON_MS));
    assert_eq!(text("12:00:00.25Z").unwrap(), Some(NOON_MS + 250));
    assert!(matches!(text("noon"), Err(GpsError::Time { text, .. }) if text == "noon"));
}
