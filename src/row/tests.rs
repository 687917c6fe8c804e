use super::*;

#[test]
fn setting_a_cell_leaves_the_others_alone() {
    let mut row =
        Row::from_cells(&[(Field::ImgId, "1"), (Field::Lon, "13.40"), (Field::Lat, "52.5")]);
    row.set(Field::Lon, "-0.125");
    row.set(Field::ImgId, "12345");
    assert_eq!(row.get(Field::ImgId), Some("12345"));
    assert_eq!(row.get(Field::Lon), Some("-0.125"));
    assert_eq!(row.get(Field::Lat), Some("52.5"));
    row.clear(Field::Lon);
    assert_eq!((row.get(Field::Lon), row.get(Field::Lat)), (None, Some("52.5")));
}

#[test]
fn a_new_column_goes_to_the_end() {
    let mut row = Row::from_cells(&[(Field::ImgId, "1")]);
    row.set_column(&Column::named("note"), "x", false);
    let names: Vec<_> = row.columns().list().iter().map(|c| c.name.to_string()).collect();
    assert_eq!(names, ["img_id", "note"]);
}

#[test]
fn a_true_zero_is_a_value_and_a_wrong_one_an_error() {
    let row = Row::from_cells(&[(Field::Lon, "0"), (Field::Lat, "north"), (Field::Altitude, "")]);
    assert_eq!(row.number(Field::Lon), Ok(Some(0.0)));
    assert_eq!(row.number(Field::Altitude), Ok(None));
    let error = row.number(Field::Lat).unwrap_err();
    assert_eq!(error.to_string(), "'north' in column 'lat' is not a number");
}

#[test]
fn decimals_behind_a_comma_are_refused_with_the_way_out() {
    let said = |text: &str| {
        let row = Row::from_cells(&[(Field::Altitude, text), (Field::CapturedAt, text)]);
        let errors = (row.number(Field::Altitude), row.integer(Field::CapturedAt));
        (errors.0.unwrap_err().to_string(), errors.1.unwrap_err().to_string())
    };
    let (number, whole) = said(" -9,5");
    assert!(number.ends_with("is not a number: write it with a point, -9.5"), "{number}");
    assert!(whole.ends_with("is not a whole number: write it with a point, -9.5"), "{whole}");
    for other in ["9,5 m", "1,234,567", "9,", "9,5,", "north,"] {
        let said = said(other);
        assert!(other == "9," || said.0.ends_with("is not a number"), "{}", said.0);
    }
}

#[test]
fn a_time_with_a_point_zero_is_whole_and_a_fraction_is_not() {
    let row = Row::from_cells(&[(Field::CapturedAt, "1624789614209.0"), (Field::Width, "1.5")]);
    assert_eq!(row.integer(Field::CapturedAt), Ok(Some(1624789614209)));
    assert!(row.integer(Field::Width).is_err());
    let height = |text: &str| Row::from_cells(&[(Field::Height, text)]);
    assert_eq!(height("8.999e15").integer(Field::Height), Ok(Some(8_999_000_000_000_000)));
    assert!(height("9e15").integer(Field::Height).is_err(), "a double tells no more numbers apart");
    assert!(height("inf").number(Field::Height).is_err());
}

#[test]
fn a_column_is_named_until_it_is_forgotten() {
    let note = Column::named("note");
    let mut row = Row::from_cells(&[(Field::ImgId, "1"), (Field::Lon, "")]);
    assert!(row.names(Field::ImgId) && row.names(Field::Lon) && !row.names(Field::Lat));
    assert!(!row.names_column(&note));
    row.set_column(&note, "[1]", true);
    assert!(row.names_column(&note) && row.is_raw(2));
    row.forget(&note);
    assert!(!row.names_column(&note) && row.get_column(&note).is_none());
    row.clear(Field::Lat);
    assert_eq!(row.columns().list().len(), 3, "what a row does not name is clear already");
}

#[test]
fn a_place_that_changes_ends_the_point_that_was_kept_whole() {
    let whole = Column::named("geometry");
    let mut row = Row::from_cells(&[(Field::Lon, "9.5"), (Field::Lat, "54")]);
    row.set_column(&whole, "POINT Z (9.5 54 12)", false);
    row.set(Field::Lon, "9.5");
    row.set_column(&Field::Lat.into(), "54", false);
    assert!(row.get_column(&whole).is_some(), "it is the same place");
    let mut other = row.clone();
    row.set(Field::Lon, "9.6");
    other.set_column(&Field::Lat.into(), "55", false);
    assert_eq!((row.get_column(&whole), other.get_column(&whole)), (None, None));
}

#[test]
fn values_of_another_row_are_taken_and_a_row_goes_under_other_columns() {
    let mut row = Row::from_cells(&[(Field::ImgId, "1"), (Field::Lon, "9")]);
    row.line = 7;
    row.merge(&Row::from_cells(&[(Field::Lon, ""), (Field::Lat, "54")]));
    row.set_display(Field::CompassAngle, 80);
    let fields = [Field::ImgId, Field::Lon, Field::Lat, Field::CompassAngle];
    assert_eq!(fields.map(|field| row.get(field)), ["1", "9", "54", "80"].map(Some));
    let under = row.under(&Columns::from_fields(&[Field::Lat, Field::Make]));
    assert_eq!((under.line, under.columns().list().len()), (7, 2));
    assert_eq!([Field::Lat, Field::ImgId].map(|field| under.get(field)), [Some("54"), None]);
}

#[test]
fn rows_are_equal_when_their_values_are() {
    let one = Row::from_cells(&[(Field::ImgId, "1"), (Field::Lon, "9")]);
    let turned = Row::from_cells(&[(Field::Lon, "9"), (Field::Lat, ""), (Field::ImgId, "1")]);
    assert_eq!(one, turned);
    for other in [
        &[(Field::ImgId, "1")][..],
        &[(Field::ImgId, "1"), (Field::Lon, "9"), (Field::Lat, "5")],
        &[(Field::ImgId, "2"), (Field::Lon, "9")],
    ] {
        assert_ne!(one, Row::from_cells(other), "{other:?}");
    }
}

#[test]
fn a_row_that_is_kept_gives_back_its_room() {
    let mut row = Row::from_cells(&[(Field::ImgId, &"1".repeat(10_000))]);
    row.set(Field::ImgId, "12");
    assert!(row.weight() > 10_000);
    row.shrink();
    assert_eq!(row.weight(), 2 + 4 + 96, "its text, the end of its cell, and what each row has");
}

#[test]
fn truth_is_read_in_the_spellings_of_json_python_and_tables() {
    for (text, flag) in [
        ("true", Ok(Some(true))),
        ("True", Ok(Some(true))),
        (" 1 ", Ok(Some(true))),
        ("FALSE", Ok(Some(false))),
        ("0", Ok(Some(false))),
        ("", Ok(None)),
        ("yes", Err(())),
    ] {
        let row = Row::from_cells(&[(Field::IsPano, text)]);
        assert_eq!(row.flag(Field::IsPano).map_err(|_| ()), flag, "{text}");
    }
}

#[test]
fn seconds_are_no_milliseconds() {
    let instant =
        |text: &str| Row::from_cells(&[(Field::CapturedAt, text)]).instant_ms(Field::CapturedAt);
    let error = instant("1717245296").unwrap_err().to_string();
    let expected = "'1717245296' in column 'captured_at' is not a time in ms since 1970: it would be 1970-01-20, and as \
                    seconds 2024-06-01; multiply by 1000";
    assert_eq!(error, expected);
    assert!(instant("788918400").is_err() && instant("4102444799").is_err());
    // Cameras whose clocks begin in 1970, and photos from before.
    for ms in
        [0, 1, 1000, 86_400_000, 788_918_399, 4_102_444_800, -1_717_245_296, 1_717_245_296_000]
    {
        assert_eq!(instant(&ms.to_string()), Ok(Some(ms)));
    }
}
