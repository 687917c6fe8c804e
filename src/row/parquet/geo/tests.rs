use super::*;

fn header(names: &[&str]) -> Vec<Column> {
    names.iter().map(|name| Column::named(name)).collect()
}

#[test]
fn what_is_said_of_a_point_is_understood() {
    let mut geo = Geo::new(&header(&["lon", "lat", "geometry"])).unwrap();
    for (x, y) in [(9.5, -54.5), (-9.5, 54.5)] {
        geo.add(Position::new(x, y).unwrap());
    }
    let words: Value = serde_json::from_str(&geo.words()).unwrap();
    assert_eq!(words["columns"]["geometry_2"]["bbox"], json!([-9.5, -54.5, 9.5, 54.5]));
    let found = Found::read(&geo.words());
    assert_eq!(found.coverings, ["bbox"]);
    let geometry = &found.geometries[0];
    assert!(geometry.is_primary && geometry.is_flat && geometry.crs.is_none(), "{geometry:?}");
}

#[test]
fn rows_without_a_place_make_none() {
    let error = Geo::new(&header(&["lat"])).err().unwrap().to_string();
    assert_eq!(error, "no column 'lon': GeoParquet has a point for each row");
}

#[test]
fn a_reference_system_in_metres_is_told_from_degrees() {
    for (crs, wanted) in [
        (r#""crs":{"id":{"authority":"EPSG","code":25832}},"#, Some("25832")),
        (r#""crs":{"id":{"authority":"EPSG","code":4326}},"#, None),
        (r#""crs":{"id":{"authority":"OGC","code":"CRS84"}},"#, None),
        (r#""crs":{"name":"local grid"},"#, Some("local grid")),
        (r#""crs":null,"#, Some("unknown")),
        ("", None),
    ] {
        let words = format!(r#"{{"columns":{{"g":{{{crs}"encoding":"WKB"}}}}}}"#);
        assert_eq!(Found::read(&words).geometries[0].crs.as_deref(), wanted, "{crs}");
    }
    assert!(Found::read("[1").geometries.is_empty());
}
