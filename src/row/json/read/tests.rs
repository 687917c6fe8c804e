use super::*;
use crate::row::Field;

const IMAGE: &str = r#"{"captured_at":1624789614209,"geometry":{"type":"Point","coordinates":[13.40, -52.5]},"creator":{"username":"ada","id":"100"},"note":{"a": [1, 2]},"n":1.50,"id":"1463097064038568"}"#;

#[test]
fn an_object_of_the_service_becomes_flat_cells() {
    let row = parse(IMAGE).unwrap();
    assert_eq!(row.get(Field::Lon), Some("13.40"));
    assert_eq!(row.get(Field::Lat), Some("-52.5"));
    assert_eq!(row.get(Field::CreatorUsername), Some("ada"));
    assert_eq!(row.get(Field::ImgId), Some("1463097064038568"));
    assert_eq!(row.get_column(&Column::named("note")), Some(r#"{"a":[1,2]}"#));
    assert_eq!(row.get_column(&Column::named("n")), Some("1.50"));
}

#[test]
fn a_point_with_a_height_stays_whole_beside_its_place() {
    let row = parse(r#"{"geometry":{"type":"Point","coordinates":[1,2,3]}}"#).unwrap();
    assert_eq!((row.get(Field::Lon), row.get(Field::Lat)), (Some("1"), Some("2")));
    assert!(row.get_column(&Column::named("geometry")).unwrap().contains("[1,2,3]"));
}

#[test]
fn a_point_with_more_keys_has_its_place_unless_its_numbers_are_no_degrees() {
    for (rest, is_read) in [
        (r#""crs":null"#, true),
        (r#""bbox":[1,2,1,2]"#, true),
        (r#""crs":{"type":"name","properties":{"name":"EPSG:4326"}}"#, true),
        (r#""crs":{"type":"name","properties":{"name":"EPSG:3857"}}"#, false),
    ] {
        let line = format!(r#"{{"geometry":{{"type":"Point","coordinates":[1,2],{rest}}}}}"#);
        let row = parse(&line).unwrap();
        assert_eq!(row.get(Field::Lon).is_some(), is_read, "{rest}");
        assert!(row.get_column(&Column::named("geometry")).unwrap().contains("[1,2]"), "{rest}");
    }
    let row = parse(r#"{"geometry":{"type":"Point","coordinates":["1.50","-2"]}}"#).unwrap();
    assert_eq!((row.get(Field::Lon), row.get(Field::Lat)), (Some("1.50"), Some("-2")));
    assert_eq!(row.get_column(&Column::named("geometry")), None);
}

#[test]
fn only_an_object_is_a_creator_or_an_organization() {
    let row = parse(r#"{"creator":"POINT (1 2)","organization":"POINT (3 4)"}"#).unwrap();
    for (name, text) in [("creator", "POINT (1 2)"), ("organization", "POINT (3 4)")] {
        assert_eq!(row.get_column(&Column::named(name)), Some(text));
    }
    for field in [Field::CreatorId, Field::CreatorUsername, Field::OrgId, Field::Lon] {
        assert_eq!(row.get(field), None);
    }
    let row =
        parse(r#"{"creator":{"id":"5","username":"ada"},"organization":{"id":"6"}}"#).unwrap();
    let found =
        [Field::CreatorId, Field::CreatorUsername, Field::OrgId].map(|field| row.get(field));
    assert_eq!(found, [Some("5"), Some("ada"), Some("6")]);
}

#[test]
fn an_object_with_more_than_the_fields_of_the_table_has_them_and_stays_whole() {
    let line = r#"{"creator":{"username":"ada","id":"5","slug":"q"},"organization":{"id":"6","name":"n"}}"#;
    let row = parse(line).unwrap();
    let fields = [Field::CreatorId, Field::CreatorUsername, Field::OrgId];
    assert_eq!(fields.map(|field| row.get(field)), [Some("5"), Some("ada"), Some("6")]);
    assert!(row.get_column(&Column::named("creator")).unwrap().contains("slug"));
    assert!(row.get_column(&Column::named("organization")).unwrap().contains("\"n\""));
}

#[test]
fn a_null_names_all_the_columns_of_its_object() {
    for (key, fields) in [
        ("creator", &[Field::CreatorId, Field::CreatorUsername][..]),
        ("organization", &[Field::OrgId]),
        ("geometry", &[Field::Lon, Field::Lat]),
        ("computed_geometry", &[Field::ComputedLon, Field::ComputedLat]),
    ] {
        let row = parse(&format!("{{\"id\":\"1\",\"{key}\":null}}")).unwrap();
        for &field in fields {
            assert_eq!((row.names(field), row.get(field)), (true, None), "{key}");
        }
        assert!(!row.names(Field::Width));
    }
}

#[test]
fn a_key_has_no_white_space_around_its_name_as_in_a_header_of_csv() {
    let row = parse(r#"{" id":"1463097064038568","\r[":"-","\u0000\ufeff \ufeffnote\u00a0":"n"}"#)
        .unwrap();
    assert_eq!(row.get(Field::ImgId), Some("1463097064038568"));
    for (name, text) in [("[", "-"), ("note", "n")] {
        assert_eq!(row.get_column(&Column::named(name)), Some(text));
    }
    assert!(parse(r#"{" a":"1","a":"2"}"#).is_err());
}

#[test]
fn two_spellings_must_agree() {
    assert!(parse(r#"{"id":"1","img_id":"1"}"#).is_ok());
    let error = parse(r#"{"id":"1","img_id":"2"}"#).unwrap_err();
    assert_eq!(error.to_string(), "two values for column 'img_id': '1' and '2'");
}

#[test]
fn lines_of_other_shapes_share_one_list_of_columns() {
    let mut parser = Parser::default();
    let mut row = Row::new(Columns::from_fields(&[]));
    for line in [r#"{"id":"1"}"#, r#"{"width":5,"id":"2"}"#, r#"{"id":"3"}"#] {
        assert_eq!(parser.read(line, &mut row), Ok(true));
    }
    assert_eq!((row.get(Field::ImgId), row.get(Field::Width)), (Some("3"), None));
}

#[test]
fn escapes_are_read_and_halves_of_characters_refused() {
    let row = parse(r#"{"make":"A\"\u00e9\ud83d\ude00\n"}"#).unwrap();
    assert_eq!(row.get(Field::Make), Some("A\"é😀\n"));
    assert!(parse(r#"{"make":"\ud83d"}"#).is_err());
    assert!(parse(r#"{"note":"\x"}"#).is_err());
}

#[test]
fn behind_the_object_of_a_line_stands_nothing_but_blanks() {
    assert!(parse("{\"id\":\"1\"} \t").is_ok());
    for line in ["{\"id\":\"1\"}{\"id\":\"2\"}", "{\"id\":\"1\"} x", "{\"id\":\"1\"},"] {
        assert_eq!(parse(line).unwrap_err(), Error::TextAfterObject { at: 10 }, "{line}");
    }
}

#[test]
fn the_marker_of_another_client_and_a_blank_line_are_no_rows() {
    let mut row = Row::new(Columns::from_fields(&[]));
    assert_eq!(Parser::default().read(r#"{"__complete__": true}"#, &mut row), Ok(false));
    assert_eq!(Parser::default().read("{ \"__complete__\":true }\r\n", &mut row), Ok(false));
    for row_of_that_name in [r#"{"__complete__":"true"}"#, r#"{"__complete__":true,"id":"1"}"#] {
        assert_eq!(Parser::default().read(row_of_that_name, &mut row), Ok(true));
    }
    assert_eq!(Parser::default().read("  ", &mut row), Ok(false));
}

#[test]
fn a_line_cut_anywhere_is_an_error() {
    for end in 1..IMAGE.len() {
        assert!(parse(&IMAGE[..end]).is_err(), "{}", &IMAGE[..end]);
    }
}

#[test]
fn deep_nesting_is_refused_and_random_changes_do_no_harm() {
    assert!(parse(&format!(r#"{{"a":{}}}"#, "[".repeat(100_000))).is_err());
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let mut bytes = IMAGE.as_bytes().to_vec();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..bytes.len());
            bytes[at] = *random.choice(b"\"\\{}[],:0a\x80").unwrap_or(&0);
        }
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = parse(text);
        }
    }
}

#[test]
fn a_byte_order_mark_before_a_line_is_no_part_of_it() {
    let mut row = Row::new(Columns::from_fields(&[]));
    let mut parser = Parser::default();
    assert!(parser.read("\u{feff}{\"id\":\"2\"}", &mut row).unwrap());
    assert_eq!(row.get(Field::ImgId), Some("2"));
    assert!(!parser.read("\u{feff}", &mut row).unwrap());
    assert!(parser.read("{\"id\":\u{feff}\"2\"}", &mut row).is_err());
}
