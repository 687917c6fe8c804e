use super::*;
use crate::row::Field;
use crate::row::csv::Reader;

fn row() -> Row {
    Row::new(Columns::from_fields(&[Field::ImgId]))
}

#[test]
fn a_point_in_either_notation_has_its_coordinates() {
    for text in [
        "POINT (9.5 54.25)",
        "{\"type\":\"Point\",\"coordinates\":[9.5,54.25]}",
        " {\"coordinates\":[9.5,54.25],\"type\":\"Point\"}",
    ] {
        let mut row = row();
        unfold(&mut row, "geometry", text).unwrap();
        assert_eq!(
            (row.get(Field::Lon), row.get(Field::Lat)),
            (Some("9.5"), Some("54.25")),
            "{text}"
        );
    }
}

#[test]
fn another_text_stays_what_it_is() {
    for (name, text) in [("geometry", "by the harbour"), ("geometry", "{}"), (MORE, "POINT (1 2)")]
    {
        let mut row = row();
        unfold(&mut row, name, text).unwrap();
        assert_eq!(row.get_column(&Column::named(name)), Some(text), "{name} {text}");
        assert_eq!(row.get(Field::Lon), None, "{name} {text}");
    }
}

#[test]
fn a_value_that_comes_twice_has_to_be_the_same() {
    let mut row = row();
    unfold(&mut row, MORE, "{\"make\":\"A\"}").unwrap();
    assert!(unfold(&mut row, MORE, "{\"make\":\"A\",\"model\":\"B\"}").is_ok());
    assert!(unfold(&mut row, MORE, "{\"make\":\"C\"}").is_err());
    assert_eq!((row.get(Field::Make), row.get(Field::Model)), (Some("A"), Some("B")));
}

/// Which of these columns a table has once all of its rows are read.
fn columns(table: &str) -> Vec<&'static str> {
    let mut reader = Reader::new(table.as_bytes(), table.as_bytes()).unwrap();
    let mut row = row();
    while reader.read(&mut row).unwrap() {}
    let columns = reader.columns();
    let has = |name: &&str| columns.place(&Column::named(name)).is_some();
    ["id", "lon", "lat", "geometry", "note"].into_iter().filter(has).collect()
}

#[test]
fn a_column_of_points_has_the_columns_that_its_cells_needed() {
    for (rows, wanted) in [
        ("", &["id", "lon", "lat", "note"][..]),
        ("1,,\n", &["id", "lon", "lat", "note"]),
        ("1,POINT (9 54),\n", &["id", "lon", "lat", "note"]),
        ("1,harbour,\n", &["id", "geometry", "note"]),
        ("1,harbour,\n2,POINT (9 54),\n3,,\n", &["id", "lon", "lat", "geometry", "note"]),
        (
            "1,POINT (9 54),\n2,harbour,\n3,POINT (9 54),\n",
            &["id", "lon", "lat", "geometry", "note"],
        ),
    ] {
        assert_eq!(columns(&format!("id,geometry,note\n{rows}")), wanted, "{rows}");
    }
    // Columns of their own stay, whatever the cells are.
    let own = columns("id,lon,lat,geometry\n1,9,54,harbour\n");
    assert_eq!(own, ["id", "lon", "lat", "geometry"]);
}

#[test]
fn only_a_table_with_composite_cells_may_have_further_columns() {
    for (header, is_open) in
        [("id,geometry\n", true), ("id,lon,lat\n", false), ("id,note\n", false)]
    {
        let reader = Reader::new(header.as_bytes(), header.as_bytes()).unwrap();
        assert_eq!(reader.is_open(), is_open, "{header}");
    }
}
