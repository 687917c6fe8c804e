//! Tests of what a row wants, by values.

use super::*;

struct Silent;

impl Notes for Silent {
    fn once(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn count(&self, _: &'static str, _: u64) {}
}

fn wanted(cells: &[(Field, &str)], options: &Options) -> Wanted {
    Wanted::of(&Row::of(cells), options, &Silent).unwrap()
}

const PLACES: [(Field, &str); 4] =
    [(Field::Lon, "1"), (Field::Lat, "2"), (Field::ComputedLon, "3"), (Field::ComputedLat, "4")];

#[test]
fn a_value_with_evidence_comes_before_the_choice_of_values() {
    let options = Options { position: Source::Best, ..Options::default() };
    let best = wanted(&PLACES, &options).position.unwrap();
    assert_eq!((best.place.lon_deg(), best.by.as_deref()), (3.0, Some("computed")));
    let cells = [&PLACES[..], &[(Field::PositionBy, "exact")]].concat();
    let own = wanted(&cells, &options).position.unwrap();
    assert_eq!((own.place.lon_deg(), own.by.as_deref()), (1.0, Some("exact")));
    let none = [&PLACES[..], &[(Field::PositionBy, "none")]].concat();
    assert_eq!(wanted(&none, &options).position, None);
}

#[test]
fn a_height_below_0_that_came_as_a_large_number_is_understood() {
    let height = |text| {
        let cells = [&PLACES[..2], &[(Field::Altitude, text)]].concat();
        wanted(&cells, &Options::default()).position.unwrap().altitude_m
    };
    assert_eq!(height("4294967281"), Some(-15.0));
    assert_eq!(height("0"), Some(0.0));
    assert_eq!(height("250000"), None);
}

#[test]
fn every_group_has_a_word_of_its_own() {
    for group in Group::ALL {
        assert_eq!(group.word().parse(), Ok(group));
    }
}
