use super::*;

#[test]
fn a_column_has_the_type_of_its_field_and_an_unknown_one_is_text() {
    for (name, wanted) in [
        ("img_id", ColumnType::Text),
        ("captured_at", ColumnType::Instant),
        ("lon", ColumnType::Double),
        ("bytes", ColumnType::Long),
        ("is_pano", ColumnType::Bool),
        ("mesh", ColumnType::Text),
        ("colour", ColumnType::Text),
    ] {
        assert_eq!(ColumnType::from_column(&Column::named(name)), wanted, "{name}");
    }
}

#[test]
fn a_value_is_of_its_type_absent_or_an_error() {
    let row = Row::from_cells(&[(Field::Width, "640.0"), (Field::Lon, "east"), (Field::Lat, "")]);
    assert_eq!(ColumnType::Long.value(&row, 0), Ok(TypedValue::Long(640)));
    let error = ColumnType::Double.value(&row, 1).unwrap_err().to_string();
    assert_eq!(error, "'east' in column 'lon' is not a number");
    assert_eq!(ColumnType::Double.value(&row, 2), Ok(TypedValue::Absent));
}

#[test]
fn a_place_that_is_none_is_told_by_the_coordinate_that_is_wrong() {
    for (lon, lat, wrong) in [
        ("180", "91", Some("lat")),
        ("-180", "-90.5", Some("lat")),
        ("180.5", "91", Some("lon")),
        ("-180.5", "0", Some("lon")),
        ("180", "-90", None),
    ] {
        let row = Row::from_cells(&[(Field::Lon, lon), (Field::Lat, lat)]);
        let error = position(&row).err().map(|error| error.to_string());
        assert_eq!(error.is_some(), wrong.is_some(), "{lon},{lat}");
        if let (Some(error), Some(name)) = (error, wrong) {
            assert!(error.contains(&format!("column '{name}'")), "{error}");
        }
    }
    assert_eq!(position(&Row::from_cells(&[])), Ok(None));
    for (field, said) in [
        (Field::Lon, "'1' in column 'lon' is not a place without lat"),
        (Field::Lat, "'1' in column 'lat' is not a place without lon"),
    ] {
        let error = position(&Row::from_cells(&[(field, "1")])).unwrap_err();
        assert_eq!(error.to_string(), said);
    }
}
