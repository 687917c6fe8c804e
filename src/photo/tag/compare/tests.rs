//! How close a value of the row and one of the file must be.

use super::super::plan::Plan;
use super::*;
use crate::format::exif::{self, gps};
use crate::photo::silent_reporter::Unheard;
use crate::row::{Field, Row};

const BASE: [(Field, f64); 7] = [
    (Field::Lon, 13.4),
    (Field::Lat, 52.5),
    (Field::Altitude, 100.0),
    (Field::CompassAngle, 90.0),
    (Field::SpeedKmh, 36.0),
    (Field::TrackDeg, 359.995),
    (Field::Hdop, 1.5),
];

fn wanted(values: &[(Field, f64)]) -> Wanted {
    let mut row = Row::from_cells(&[]);
    values.iter().for_each(|(field, value)| row.set_display(*field, value));
    Wanted::from_row(&row, &Options::default(), &Unheard).unwrap()
}

/// The groups that tagging with these values would write or hold.
fn changes(facts: &PictureFacts, values: &[(Field, f64)]) -> Vec<TagGroup> {
    let options = Options { overwrite: true, ..Options::default() };
    Plan::new(&wanted(values), facts, None, &options).unwrap().groups
}

fn with(edits: &[exif::Edit]) -> PictureFacts {
    let block = exif::edit(None, edits, 65_527, None).unwrap().unwrap();
    PictureFacts { exif: exif::read(&mut &block[..]).unwrap(), ..PictureFacts::default() }
}

#[test]
fn a_value_is_the_same_if_it_would_be_written_alike() {
    let first = Plan::new(&wanted(&BASE), &PictureFacts::default(), None, &Options::default());
    let facts = with(&first.unwrap().edits.exif);
    assert_eq!(changes(&facts, &BASE), []);
    for (field, same, other) in [
        (Field::Altitude, 0.001, 0.002),
        (Field::Altitude, -0.001, 0.1),
        (Field::CompassAngle, 0.01, 0.02),
        (Field::CompassAngle, 360.0, 0.1),
        (Field::SpeedKmh, 0.01, 0.02),
        (Field::TrackDeg, 0.01, 0.02),
        (Field::Hdop, 0.01, 0.02),
    ] {
        let changed = |by: f64| {
            let own =
                BASE.map(|(name, value)| (name, value + if name == field { by } else { 0.0 }));
            changes(&facts, &own)
        };
        let group =
            if field == Field::CompassAngle { TagGroup::Direction } else { TagGroup::Position };
        assert_eq!((changed(same), changed(other)), (vec![], vec![group]), "{field:?}");
    }
}

#[test]
fn what_was_written_is_kept_whatever_its_decimals_were() {
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..200 {
        let values = BASE.map(|(field, _)| match field {
            Field::Lon => (field, random.f64() * 360.0 - 180.0),
            Field::Lat => (field, random.f64() * 180.0 - 90.0),
            Field::Altitude => (field, random.f64() * 9000.0 - 400.0),
            _ => (field, random.f64() * 359.999),
        });
        let plan = Plan::new(&wanted(&values), &PictureFacts::default(), None, &Options::default());
        assert_eq!(changes(&with(&plan.unwrap().edits.exif), &values), [], "{values:?}");
    }
}

#[test]
fn the_row_that_was_read_from_fractions_of_another_program_is_kept() {
    let mut random = fastrand::Rng::with_seed(12);
    let mut fraction = |most: u32| {
        let below = random.u32(1..2_000);
        exif::Value::Rational(vec![(random.u32(0..most * below), below)])
    };
    let letter = |text: &str| exif::Value::Ascii(text.into());
    for _ in 0..200 {
        let place = gps::position_edits(&gps::Gps {
            lat: Some(52.5),
            lon: Some(13.4),
            ..gps::Gps::default()
        });
        let measures = [
            (tags::GPS_ALTITUDE, fraction(8000)),
            (tags::GPS_IMG_DIRECTION, fraction(360)),
            (tags::GPS_SPEED, fraction(100)),
            (tags::GPS_SPEED_REF, letter("N")),
            (tags::GPS_TRACK, fraction(360)),
            (tags::GPS_DOP, fraction(20)),
        ];
        let measures = measures.map(|(tag, value)| exif::Edit { tag, value: Some(value) });
        let facts = with(&[place, measures.to_vec()].concat());
        let mut row = Row::from_cells(&[]);
        Camera::from_facts(&facts, None, Options::default().heights).fill(&mut row);
        let wanted = Wanted::from_row(&row, &Options::default(), &Unheard).unwrap();
        let plan = Plan::new(&wanted, &facts, None, &Options::default()).unwrap();
        assert!(plan.groups.is_empty() && !plan.held, "{row:?}");
    }
}
