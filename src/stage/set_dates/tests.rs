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
        let set = dates.set(&mut row, None).map_err(|error| error.to_string());
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

/// The status, taken_at, captured_at, zone and why of a row after `set-dates --start 2020-01-01 --step 1`.
fn given(cells: &[(Field, &str)], zone: Option<&str>, overwrite: bool) -> [String; 5] {
    let source = DateSource::Steps("2020-01-01T00:00:00".parse().unwrap(), "1".parse().unwrap());
    let zone = zone.map(|zone| zone.parse().unwrap());
    let mut dates = SetDates::new(source, zone, overwrite).unwrap();
    let mut out = Vec::new();
    dates.push(Row::from_cells(cells), &mut out, &crate::photo::silent_reporter::Unheard).unwrap();
    let Some(Outcome::Rows(rows)) = out.pop() else { panic!() };
    [Field::Status, Field::TakenAt, Field::CapturedAt, Field::Zone, Field::Why]
        .map(|field| rows[0].get(field).unwrap_or_default().to_string())
}

const PATH: (Field, &str) = (Field::Path, "a.jpg");
/// 2024-07-01T12:00:00Z.
const KNOWN: (Field, &str) = (Field::CapturedAt, "1719835200000");

#[test]
fn an_instant_that_is_known_is_kept_and_a_zone_tells_its_date() {
    let kept = "captured_at is known and kept: --zone adds the date of the clock, --overwrite replaces it; \
        the date of --start and --step is 1,643 days before captured_at";
    assert_eq!(given(&[PATH, KNOWN], None, false), ["held", "", KNOWN.1, "", kept]);
    let other = "the date of --start and --step is 1,643 days before captured_at";
    let berlin = ["done", "2024-07-01T14:00:00", KNOWN.1, "Europe/Berlin", other];
    assert_eq!(given(&[PATH, KNOWN], Some("Europe/Berlin"), false), berlin);
    // What was said before is not said again.
    let again = [PATH, KNOWN, (Field::Why, kept)];
    assert_eq!(given(&again, Some("Europe/Berlin"), false), berlin);
    let over = ["done", "2020-01-01T00:00:00", "", "", ""];
    assert_eq!(given(&[PATH, KNOWN], None, true), over);
}

#[test]
fn an_instant_that_agrees_with_the_date_is_no_contradiction() {
    let near = |ms: &str, zone| given(&[PATH, (Field::CapturedAt, ms)], zone, false)[4].clone();
    assert_eq!(near("1577836800999", Some("UTC")), "");
    assert_eq!(
        near("1577836801000", Some("UTC")),
        "the date of --start and --step is 1 s before captured_at"
    );
    // Without a zone, the date may be of any.
    assert!(!near("1577887200000", None).contains("--step is"));
    assert!(near("1577887201000", None).contains("--step is 14 h before"));
}

#[test]
fn the_zone_of_a_row_stays_and_tells_the_instant() {
    let zone = |zone| [PATH, (Field::Zone, zone)];
    let own = ["done", "2020-01-01T00:00:00", "1577818800000", "+05:00", ""];
    assert_eq!(given(&zone("+05:00"), None, false), own);
    let other = given(&zone("+05:00"), Some("+01:00"), false);
    assert_eq!(
        other[2..],
        ["1577833200000", "+01:00", "the zone of the row is +05:00, and +01:00 is used"]
    );
    assert_eq!(given(&zone("Europe/Berlin"), Some("+01:00"), false)[4], "");
    assert_eq!(given(&zone("+05:00"), None, true)[2..4], ["", ""]);
    // An hour that never comes in the zone of the row.
    let source = DateSource::Steps("2024-03-31T02:30:00".parse().unwrap(), "1".parse().unwrap());
    let dates = SetDates::new(source, None, false).unwrap();
    let mut row = Row::from_cells(&zone("Europe/Berlin"));
    dates.set(&mut row, "Europe/Berlin".parse().ok()).unwrap();
    assert_eq!((row.get(Field::CapturedAt), row.get(Field::Zone)), (None, Some("Europe/Berlin")));
    assert!(row.get(Field::Why).unwrap().contains("no clock of Europe/Berlin ever shows"));
}
