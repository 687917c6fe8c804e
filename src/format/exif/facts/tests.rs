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
