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
