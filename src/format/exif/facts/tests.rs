use chrono::Timelike;

use super::*;
use crate::format::exif::{Edit, Value, edit};

fn facts_of(edits: &[(Tag, Value)]) -> ExifFacts {
    let set = |(tag, value): &(Tag, Value)| Edit { tag: *tag, value: Some(value.clone()) };
    let edits: Vec<Edit> = edits.iter().map(set).collect();
    let block = edit(None, &edits, 65_527, None).unwrap().unwrap();
    read(&mut &block[..]).unwrap()
}

#[test]
fn each_fact_is_read_from_its_own_tag() {
    let words = [
        (tags::MAKE, "a maker"),
        (tags::MODEL, "a model"),
        (tags::IMAGE_UNIQUE_ID, "an id"),
        (tags::IMAGE_DESCRIPTION, "a description"),
        (tags::ARTIST, "an artist"),
        (tags::COPYRIGHT, "a right"),
        (tags::BODY_SERIAL_NUMBER, "a body"),
        (tags::LENS_SERIAL_NUMBER, "a lens"),
    ];
    let facts = facts_of(&words.map(|(tag, text)| (tag, Value::Ascii(text.into()))));
    let found = [
        facts.make,
        facts.model,
        facts.image_unique_id,
        facts.description,
        facts.artist,
        facts.copyright,
        facts.body_serial,
        facts.lens_serial,
    ];
    assert_eq!(found.map(Option::unwrap_or_default), words.map(|(_, text)| text.to_string()));
    assert_eq!(facts.version.as_deref(), Some("0232"));
}

#[test]
fn an_orientation_is_one_of_eight_or_a_fault() {
    for (number, orientation, faults) in
        [(0, None, 0), (1, Some(1), 0), (6, Some(6), 0), (8, Some(8), 0), (9, None, 1)]
    {
        let facts = facts_of(&[(tags::ORIENTATION, Value::Short(number))]);
        assert_eq!((facts.orientation, facts.faults.len()), (orientation, faults), "{number}");
    }
}

#[test]
fn a_fraction_that_is_a_number_is_milliseconds_of_three_digits() {
    for (number, ms, faults) in [(0, 0, 0), (100, 100, 0), (999, 999, 0), (5, 0, 1), (1000, 0, 1)] {
        let facts = facts_of(&[
            (tags::DATE_TIME_ORIGINAL, Value::Ascii("2024:05:01 12:30:45".into())),
            (tags::SUB_SEC_TIME_ORIGINAL, Value::Short(number)),
        ]);
        let found = facts.original.unwrap().local.nanosecond() / 1_000_000;
        assert_eq!((found, facts.faults.len()), (ms, faults), "{number}");
    }
}

/// The time and the faults with these texts as DateTimeOriginal, SubSecTimeOriginal and OffsetTimeOriginal.
fn original(date: &str, fraction: Option<&str>, offset: Option<&str>) -> (String, Vec<String>) {
    let text = |text: &str| Value::Ascii(text.into());
    let mut edits = vec![(tags::DATE_TIME_ORIGINAL, text(date))];
    edits.extend(fraction.map(|fraction| (tags::SUB_SEC_TIME_ORIGINAL, text(fraction))));
    edits.extend(offset.map(|offset| (tags::OFFSET_TIME_ORIGINAL, text(offset))));
    let facts = facts_of(&edits);
    let time = facts.original.unwrap();
    let zone = time.offset.map(|offset| offset.to_string()).unwrap_or_default();
    let shown = format!("{}{zone}", time.local.format("%H:%M:%S%.f"));
    (shown, facts.faults.into_iter().map(|fault| fault.what).collect())
}

#[test]
fn an_offset_in_the_date_that_differs_from_its_own_tag_is_said() {
    let with = |date, offset| original(date, None, offset);
    let (time, why) = with("2024:07:01 12:00:00+03:00", Some("+02:00"));
    assert_eq!(time, "12:00:00+02:00");
    assert_eq!(why, ["OffsetTimeOriginal is +02:00 and used, DateTimeOriginal says +03:00"]);
    for (date, offset, expected) in [
        ("2024:07:01 12:00:00+02:00", Some("+02:00"), "12:00:00+02:00"),
        ("2024:07:01 12:00:00+02:00", None, "12:00:00+02:00"),
        ("2024:07:01 12:00:00", Some("+02:00"), "12:00:00+02:00"),
    ] {
        assert_eq!(with(date, offset), (expected.into(), Vec::new()), "{date} {offset:?}");
    }
    let (time, why) = with("2024:07:01 12:00:00+02:00[America/New_York]", None);
    assert_eq!(time, "12:00:00+02:00");
    assert!(why[0].contains("names America/New_York, where the offset is -04:00"), "{why:?}");
}

#[test]
fn a_fraction_that_is_written_twice_must_be_the_same_or_is_said() {
    for (date, fraction, expected, is_said) in [
        ("2024:07:01 12:00:00.25", "75", "12:00:00.750", true),
        ("2024:07:01 12:00:00.25", "0", "12:00:00", true),
        ("2024:07:01 12:00:00.25", "250", "12:00:00.250", false),
        ("2024:07:01 12:00:00.123456", "123", "12:00:00.123456", false),
        ("2024:07:01 12:00:00.1", "123", "12:00:00.123", false),
        ("2024:07:01 12:00:00", "75", "12:00:00.750", false),
    ] {
        let (time, why) = original(date, Some(fraction), None);
        assert_eq!((&time[..], !why.is_empty()), (expected, is_said), "{date} {fraction}: {why:?}");
    }
}

#[test]
fn a_tag_that_comes_twice_with_different_values_is_said() {
    let twice = |second: &str| {
        let text = |text: &str| Some(Value::Ascii(text.into()));
        let edits = [
            Edit { tag: tags::DATE_TIME_ORIGINAL, value: text("2024:07:01 12:00:00") },
            Edit { tag: tags::DATE_TIME_DIGITIZED, value: text(second) },
        ];
        let mut block = edit(None, &edits, 65_527, None).unwrap().unwrap();
        let at = block.windows(2).position(|bytes| matches!(bytes, [0x90, 0x04] | [0x04, 0x90]));
        let at = at.unwrap();
        let other = if block[at] == 0x04 { at } else { at + 1 };
        block[other] = 0x03;
        let facts = read(&mut &block[..]).unwrap();
        (facts.original.unwrap().local.to_string(), facts.faults.len())
    };
    assert_eq!(twice("2024:07:02 12:00:00"), ("2024-07-01 12:00:00".into(), 1));
    assert_eq!(twice("2024:07:01 12:00:00"), ("2024-07-01 12:00:00".into(), 0));
}

#[test]
fn the_date_of_ifd0_counts_where_the_exif_directory_has_none() {
    let text = |text: &str| Value::Ascii(text.into());
    let main = (tags::MAIN_DATE_TIME_ORIGINAL, text("2024:07:01 12:00:00"));
    let offset = (tags::OFFSET_TIME_ORIGINAL, text("+02:00"));
    let of = |edits: &[(Tag, Value)]| {
        let facts = facts_of(edits);
        let shown = facts.original.map(|time| format!("{} {:?}", time.local, time.offset));
        let what = facts.faults.into_iter().map(|fault| fault.what).collect::<Vec<_>>();
        (shown.unwrap_or_default(), what.join("; "))
    };
    let noon = |offset: &str| (format!("2024-07-01 12:00:00 {offset}"), String::new());
    assert_eq!(of(std::slice::from_ref(&main)), noon("None"));
    assert_eq!(of(&[main.clone(), offset]), noon("Some(+02:00)"));
    let own = |date| (tags::DATE_TIME_ORIGINAL, text(date));
    assert_eq!(of(&[main.clone(), own("2024:07:01 12:00:00")]), noon("None"));
    let (shown, why) = of(&[main.clone(), own("2024:07:02 12:00:00")]);
    assert_eq!(shown, "2024-07-02 12:00:00 None");
    assert_eq!(
        why,
        "DateTimeOriginal of IFD0 is 2024-07-01 12:00:00, that of the Exif directory is used"
    );
    // An unreadable date is not made up for.
    assert_eq!(of(&[main, own("yesterday")]).0, "");
}
