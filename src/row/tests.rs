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
}
