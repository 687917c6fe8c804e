use super::*;

fn times(start: &str, step: &str, zone: Option<&str>) -> Vec<(String, Option<i64>)> {
    let zone = zone.map(|zone| zone.parse().unwrap());
    let (start, step) = (start.parse().unwrap(), step.parse().unwrap());
    let mut dates = SetDates::new(DateSource::Steps(start, step), zone, false).unwrap();
    let mut next = || {
        let (local, instant) = dates.date(&Row::from_cells(&[])).unwrap();
        dates.number += 1;
        (local.to_string(), instant.map(|(captured_ms, _)| captured_ms))
    };
    (0..3).map(|_| next()).collect()
}

#[test]
fn fractions_and_steps_back_are_taken() {
    let found = times("2024-05-01T12:00:00", "0.25", None);
    assert_eq!(found[1], ("2024-05-01T12:00:00.25".into(), None));
    assert_eq!(times("2024-05-01 12:00:00", "-1", None)[2].0, "2024-05-01T11:59:58");
}

#[test]
fn a_zone_makes_the_instant_known() {
    let found = times("2024-05-01T12:00:00+02:00", "1", None);
    assert_eq!(found[0].1, Some(1_714_557_600_000));
    assert_eq!(
        times("2024-05-01T12:00:00", "1", Some("Europe/Berlin"))[1].1,
        Some(1_714_557_601_000)
    );
}

#[test]
fn the_clock_jumps_when_summer_time_begins() {
    let found = times("2024-03-31T01:59:59", "1", Some("Europe/Berlin"));
    assert_eq!((found[1].0.as_str(), found[1].1), ("2024-03-31T03:00:00", Some(1_711_846_800_000)));
}

#[test]
fn a_start_with_an_offset_is_the_instant_in_a_zone_that_has_this_offset_then() {
    let found = times("2024-10-27 02:30:00+02:00", "1800", Some("Europe/Berlin"));
    let locals: Vec<&str> = found.iter().map(|(local, _)| local.as_str()).collect();
    assert_eq!(locals, ["2024-10-27T02:30:00", "2024-10-27T02:00:00", "2024-10-27T02:30:00"]);
    let start = "2024-05-01T12:00:00+02:00".parse().unwrap();
    let source = DateSource::Steps(start, "1".parse().unwrap());
    let refused = SetDates::new(source, "America/New_York".parse().ok(), false).err().unwrap();
    assert!(refused.to_string().contains("-04:00"), "{refused}");
}

#[test]
fn a_date_beyond_four_digits_of_the_year_fails_its_row() {
    let source = DateSource::Steps("9999-12-31T23:59:59".parse().unwrap(), "1".parse().unwrap());
    let mut dates = SetDates::new(source, None, false).unwrap();
    assert!(dates.date(&Row::from_cells(&[])).is_ok());
    dates.number = 1;
    assert!(dates.date(&Row::from_cells(&[])).is_err());
}

#[test]
fn a_start_that_comes_twice_or_never_is_refused() {
    for start in ["2024-10-27T02:30:00", "2024-03-31T02:30:00"] {
        let zone = "Europe/Berlin".parse().ok();
        let source = DateSource::Steps(start.parse().unwrap(), "1".parse().unwrap());
        let made = SetDates::new(source, zone, false);
        assert!(made.is_err(), "{start}");
    }
}

#[test]
fn a_name_tells_the_date_and_what_tells_none_fails() {
    let date = |pattern: Option<&str>, zone: Option<&str>, path: &str| {
        let zone = zone.map(|zone| zone.parse().unwrap());
        let source = DateSource::Names(pattern.map(String::from));
        let dates = SetDates::new(source, zone, false).unwrap();
        let mut row =
            Row::from_cells(&[(Field::Path, path), (Field::TakenAt, "2020-01-01T00:00:00")]);
        let set = dates.set(&mut row).map_err(|error| error.to_string());
        set.map(|()| {
            let fields = [Field::TakenAt, Field::TimeBy, Field::CapturedAt, Field::Zone];
            fields.map(|field| row.get(field).unwrap_or_default().to_string()).join(" ")
        })
    };
    let is = |text: &str| Ok(text.to_string());
    let img = "20200101_000000/IMG_20240501_120000.jpg";
    assert_eq!(date(None, None, img), is("2024-05-01T12:00:00 name  "));
    let berlin = Some("Europe/Berlin");
    assert_eq!(date(None, berlin, img), is("2024-05-01T12:00:00 name 1714557600000 Europe/Berlin"));
    // Phones of this kind name their pictures in UTC, whatever zone they are in.
    assert_eq!(
        date(None, berlin, "PXL_20240501_100000123.jpg"),
        is("2024-05-01T12:00:00.123 name 1714557600123 Europe/Berlin")
    );
    assert_eq!(
        date(None, None, "PXL_20240501_100000123.jpg"),
        is("2024-05-01T10:00:00.123 name 1714557600123 +00:00")
    );
    let own = "2024_05_01_12_00_00_123_+0200.jpg";
    assert_eq!(
        date(None, berlin, own),
        is("2024-05-01T12:00:00.123 name 1714557600123 Europe/Berlin")
    );
    assert!(date(None, Some("America/New_York"), own).unwrap_err().contains("-04:00"));
    assert_eq!(
        date(Some("%d.%m.%Y %H%M%S"), None, "1.5.2024 120000.jpg"),
        is("2024-05-01T12:00:00 name  ")
    );
    assert!(date(None, None, "DSC_0001.JPG").unwrap_err().contains("'DSC_0001'"));
    assert!(date(None, berlin, "20241027_023000.jpg").unwrap_err().contains("comes twice"));
}
