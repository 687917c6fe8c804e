use super::*;
use crate::row::Column;
use crate::row::row_format::Reader;

fn read(text: &str) -> Altitude {
    let mut reader = Reader::new(std::io::Cursor::new(text.as_bytes().to_vec())).unwrap();
    Altitude::of(&reader.next_row().unwrap().unwrap()).unwrap()
}

#[test]
fn the_height_of_a_point_counts_where_there_is_no_other() {
    let point = |rest: &str| {
        read(&format!(
            "{{\"geometry\":{{\"type\":\"Point\",\"coordinates\":[1,2.50,55.5]}}{rest}}}\n"
        ))
    };
    let of = |m, other_m| Altitude { m: Some(m), other_m };
    assert_eq!(point(""), of(55.5, None));
    assert_eq!(point(",\"altitude\":null"), of(55.5, None));
    assert_eq!(point(",\"altitude\":10"), of(10.0, Some(55.5)));
    assert_eq!(point(",\"altitude\":55.5001"), of(55.5001, None));
    assert_eq!(point(",\"altitude\":0"), of(0.0, Some(55.5)));
    for wkt in ["POINT Z (1 2 55.5)", "SRID=4326;POINT(1 2 55.5 )", "point z(1.0 2 55.5)"] {
        assert_eq!(read(&format!("path,geometry\na,{wkt}\n")), of(55.5, None), "{wkt}");
    }
    let quoted = r#""{""type"":""Point"",""coordinates"":[1,2,-5]}""#;
    assert_eq!(read(&format!("path,geometry\na,{quoted}\n")), of(-5.0, None));
}

#[test]
fn another_geometry_has_no_height_of_the_row() {
    for text in [
        "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}\n",
        "path,geometry\na,POINT (1 2)\n",
        "path,geometry\na,downtown\n",
        "path,geometry\na,\"LINESTRING Z (1 2 3, 4 5 6)\"\n",
        "{\"lon\":1,\"lat\":2}\n",
    ] {
        assert_eq!(read(text), Altitude::default(), "{text}");
    }
    // A tool that replaced the place keeps the geometry of before.
    let mut row = Row::from_cells(&[(Field::Lon, "3"), (Field::Lat, "2")]);
    row.set_column(&Column::named(GEOMETRY), "POINT Z (1 2 55)", false);
    assert_eq!(Altitude::of(&row).unwrap(), Altitude::default());
}
