use super::*;
use crate::format::description;
use crate::format::exif::gps::Direction;
use crate::format::picture::{PictureFacts, PictureFormat};
use crate::row::Column;

fn file(change: impl FnOnce(&mut PictureFacts)) -> FileFacts {
    let mut facts = PictureFacts::default();
    change(&mut facts);
    FileFacts::new(&facts, PictureFormat::Jpeg, 7)
}

fn row(cells: &[(Field, &str)]) -> Row {
    let place = [
        (Field::Path, "a/b.jpg"),
        (Field::Lon, "13.4"),
        (Field::Lat, "52.5"),
        (Field::CapturedAt, "1714557600000"),
    ];
    Row::from_cells(&[&place[..], cells].concat())
}

#[test]
fn a_row_is_described_and_its_columns_say_the_same_again() {
    let cells = [
        (Field::CompassAngle, "90.5"),
        (Field::Make, "Acme"),
        (Field::SeqId, "s"),
        (Field::Altitude, "34.2"),
    ];
    let mut row = row(&cells);
    let first = describe(&row, None).unwrap();
    assert_eq!((&first.problem, &first.remarks), (&None, &vec![]));
    columns::fill(&mut row, &first.description);
    assert_eq!(row.get_column(&Column::named("MAPCaptureTime")), Some("2024_05_01_10_00_00_000"));
    assert_eq!(
        row.get_column(&Column::named("MAPCompassHeading")),
        Some("{\"MagneticHeading\":90.5,\"TrueHeading\":90.5}")
    );
    assert_eq!(describe(&row, None).unwrap(), first);
    let bare: Vec<_> = columns::NAMES
        .into_iter()
        .map(|name| {
            (
                Column::named(name),
                row.get_column(&Column::named(name)).unwrap_or_default().to_owned(),
            )
        })
        .collect();
    let mut other = Row::from_cells(&[(Field::Path, "a/b.jpg")]);
    bare.iter().for_each(|(column, text)| other.set_column(column, text, false));
    assert_eq!(describe(&other, None).unwrap(), first, "the columns alone are enough");
}

#[test]
fn the_photo_gives_the_digits_that_the_row_has_not() {
    let file = file(|facts| {
        facts.exif.gps.lon = Some(13.400_000_004_9);
        facts.exif.gps.lat = Some(52.499_999_95);
        facts.exif.gps.img_direction = Some(Direction { deg: 90.5049, magnetic: false });
        facts.exif.body_serial = Some(" 12-34 ".into());
        facts.exif.lens_serial = Some("L5".into());
        facts.exif.orientation = Some(6);
    });
    let row = row(&[(Field::Lat, "52.49999995"), (Field::CompassAngle, "90.5")]);
    let description = describe(&row, Some(&file)).unwrap().description;
    assert_eq!(
        (description.lat_deg, description.lon_deg),
        (Some(52.499_999_95), Some(13.400_000_004_9))
    );
    assert_eq!(description.heading.map(|heading| heading.true_deg), Some(90.5049));
    assert_eq!(
        (description.camera_uuid.as_deref(), description.orientation),
        (Some("1234_L5"), Some(6))
    );
}

#[test]
fn what_an_app_wrote_fills_in_and_where_it_disagrees_that_is_said() {
    let said = r#"{"MAPLatitude":"52.6","MAPLongitude":"13.4","MAPCaptureTime":"2024_05_01_12_00_09_000",
        "MAPLocalTimeZone":"+0200","MAPCompassHeading":{"TrueHeading":"7"},"MAPSettingsEmail":"a@example.org"}"#;
    let file = file(|facts| facts.exif.description = Some(said.into()));
    let bare = Row::from_cells(&[(Field::Path, "a.jpg")]);
    let described = describe(&bare, Some(&file)).unwrap();
    assert_eq!((described.problem, described.remarks), (None, vec![]));
    assert_eq!(described.personal, ["MAPSettingsEmail"]);
    assert!(!described.description.image_description().contains("example.org"));
    assert_eq!(described.description.captured_ms, Some(1_714_557_609_000));
    let described = describe(&row(&[]), Some(&file)).unwrap();
    assert_eq!(described.description.lat_deg, Some(52.5), "the row counts first");
    assert_eq!(
        described.remarks,
        ["ImageDescription says a place 11120 m away", "ImageDescription says a time 9 s later"]
    );
    let moved = row(&[(Field::PositionBy, "interpolated")]);
    assert_eq!(
        describe(&moved, Some(&file)).unwrap().remarks.len(),
        1,
        "a place that was worked out differs"
    );
    let lost = Row::from_cells(&[(Field::PositionBy, "none"), (Field::CapturedAt, "1")]);
    assert_eq!(describe(&lost, Some(&file)).unwrap().problem, Some(Problem::NoPosition));
}

#[test]
fn a_gps_time_tells_utc_from_the_zone_beside_it() {
    let said = r#"{"MAPLatitude":1,"MAPLongitude":1,"MAPCaptureTime":"2024_05_01_12_00_00_000","MAPLocalTimeZone":"+0200"}"#;
    let bare = Row::from_cells(&[(Field::Path, "a.jpg")]);
    for (gps_s, wanted_s) in [(Some(0), 0), (Some(240), 0), (Some(-7200), -7200), (None, -7200)] {
        let noon = description::parse_capture_time("2024_05_01_12_00_00_000").unwrap();
        let file = file(|facts| {
            facts.exif.description = Some(said.into());
            facts.exif.gps.utc = gps_s.map(|s| noon + chrono::TimeDelta::seconds(s));
        });
        let found = describe(&bare, Some(&file)).unwrap().description.captured_ms.unwrap();
        assert_eq!(found - noon.and_utc().timestamp_millis(), wanted_s * 1000, "{gps_s:?}");
    }
}

#[test]
fn what_is_missing_is_a_problem_and_what_is_wrong_fails_the_row() {
    let problem = |cells: &[(Field, &str)]| {
        describe(&Row::from_cells(cells), None)
            .map(|it| it.problem)
            .map_err(|error| error.to_string())
    };
    let time = (Field::CapturedAt, "1000");
    assert_eq!(problem(&[time]), Ok(Some(Problem::NoPosition)));
    assert_eq!(
        problem(&[time, (Field::Lon, "0"), (Field::Lat, "0.0")]),
        Ok(Some(Problem::NullIsland))
    );
    let clock = [(Field::Lon, "1"), (Field::Lat, "1"), (Field::TakenAt, "2024-05-01T12:00:00")];
    assert_eq!(problem(&clock), Ok(Some(Problem::NoTime { has_clock: true })));
    for (field, text) in [
        (Field::Lat, "91"),
        (Field::Lon, "x"),
        (Field::CapturedAt, "99999999999999999"),
        (Field::ExifOrientation, "9"),
        (Field::CompassAngle, "east"),
    ] {
        let wrong = describe(&row(&[(field, text)]), None).unwrap_err().to_string();
        assert!(wrong.contains(text) && wrong.contains(field.flat()), "{wrong}");
    }
    assert!(problem(&[time, (Field::Lon, "1")]).unwrap_err().contains("without lat"));
}

#[test]
fn a_problem_is_said_once_and_taken_back_and_the_words_of_others_stay() {
    let mut row = Row::from_cells(&[(Field::Why, "maker note is damaged")]);
    Problem::ZigZag.say(&mut row, &[]);
    Problem::NullIsland.say(&mut row, &["ImageDescription says a time 9 s later".into()]);
    let why = "MapillaryNullIslandError: GPS coordinates in Null Island (0, 0); maker note is damaged; \
               ImageDescription says a time 9 s later";
    assert_eq!(row.get(Field::Why), Some(why));
    assert!(problem::said(&row).unwrap().starts_with("MapillaryNullIslandError"));
    problem::say_none(&mut row, &["ImageDescription says a time 9 s later".into()]);
    assert_eq!(problem::said(&row), None);
    assert_eq!(
        row.get(Field::Why),
        Some("maker note is damaged; ImageDescription says a time 9 s later")
    );
}
