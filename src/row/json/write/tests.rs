use super::*;
use crate::row::json::Parser;
use crate::row::{Field, json};

fn line(writer: &mut Writer, row: &Row) -> String {
    let mut out = Vec::new();
    writer.write(row, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn types_come_from_the_table() {
    let row = Row::from_cells(&[
        (Field::ImgId, "1463097064038568"),
        (Field::CapturedAt, "1624789614209"),
        (Field::IsPano, "true"),
        (Field::Width, "wide"),
        (Field::CameraParameters, "[0.85,0]"),
    ]);
    let text = line(&mut Writer::new(&[], &[]), &row);
    assert_eq!(
        text,
        "{\"id\":\"1463097064038568\",\"captured_at\":1624789614209,\"is_pano\":true,\"width\":\"wide\",\"camera_parameters\":[0.85,0]}\n"
    );
}

#[test]
fn a_text_that_has_not_the_type_of_its_column_is_a_string() {
    let text = |field, text: &str| {
        let out = line(&mut Writer::new(&[], &[]), &Row::from_cells(&[(field, text)]));
        assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
        out
    };
    for (field, cell, wanted) in [
        (Field::CameraParameters, "[0.85,0]", "{\"camera_parameters\":[0.85,0]}\n"),
        (Field::CameraParameters, "wide", "{\"camera_parameters\":\"wide\"}\n"),
        (Field::CameraParameters, "[1", "{\"camera_parameters\":\"[1\"}\n"),
        (Field::CameraParameters, "[1] x", "{\"camera_parameters\":\"[1] x\"}\n"),
        (Field::CameraParameters, "[1,\n2]", "{\"camera_parameters\":\"[1,\\n2]\"}\n"),
        (Field::CameraParameters, "7", "{\"camera_parameters\":\"7\"}\n"),
        (Field::IsPano, "yes", "{\"is_pano\":\"yes\"}\n"),
        (Field::Width, "1,5", "{\"width\":\"1,5\"}\n"),
        (Field::Width, "0x10", "{\"width\":\"0x10\"}\n"),
        (Field::Width, "NaN", "{\"width\":\"NaN\"}\n"),
        (Field::ImgId, "7", "{\"id\":\"7\"}\n"),
    ] {
        assert_eq!(text(field, cell), wanted, "{cell}");
    }
}

#[test]
fn each_line_names_what_is_empty_in_its_row_or_in_the_table() {
    let row = Row::from_cells(&[
        (Field::ImgId, "1"),
        (Field::Lon, ""),
        (Field::Lat, ""),
        (Field::CreatorId, ""),
    ]);
    let mut writer = Writer::new(&[], &[]);
    assert_eq!(
        line(&mut writer, &row),
        "{\"id\":\"1\",\"lon\":null,\"lat\":null,\"creator\":{\"id\":null}}\n"
    );
    assert_eq!(
        line(&mut writer, &row),
        "{\"id\":\"1\",\"lon\":null,\"lat\":null,\"creator\":{\"id\":null}}\n"
    );
    let mut writer = Writer::new(&[Field::OrgId.into(), Field::ImgId.into()], &[]);
    let bare = Row::from_cells(&[(Field::ImgId, "2")]);
    let wanted = "{\"organization\":{\"id\":null},\"id\":\"2\"}\n";
    assert_eq!(
        (line(&mut writer, &bare), line(&mut writer, &bare)),
        (wanted.into(), wanted.into())
    );
}

#[test]
fn any_order_of_columns_comes_back() {
    let mut random = fastrand::Rng::with_seed(3);
    for _ in 0..500 {
        let mut fields = vec![
            Field::Lat,
            Field::Lon,
            Field::CreatorId,
            Field::CreatorUsername,
            Field::OrgId,
            Field::SeqId,
            Field::ComputedLat,
        ];
        random.shuffle(&mut fields);
        fields.truncate(random.usize(1..8));
        let cells: Vec<_> =
            fields.iter().map(|&f| (f, if random.bool() { "1" } else { "" })).collect();
        let row = Row::from_cells(&cells);
        let text = line(&mut Writer::new(row.columns().list(), &[]), &row);
        let mut back = Row::new(Columns::from_fields(&[]));
        Parser::default().read(&text, &mut back).unwrap();
        // The parts of an object with values become adjacent when read back.
        let creator = |column: &&Column| !column.name.starts_with("creator");
        let others = |row: &Row| -> Vec<Column> {
            row.columns().list().iter().filter(creator).cloned().collect()
        };
        assert_eq!(others(&back), others(&row), "{text}");
        assert!(!text.contains("creator_") || !text.contains("\"creator\":{\"id\":\""), "{text}");
        assert_eq!(back, row, "{text}");
    }
}

#[test]
fn a_line_is_the_same_whatever_lines_came_before_it() {
    let lines = [
        r#"{"id":"1","note":null,"organization":null,"a":"","geometry":{"type":"Point","coordinates":[1,2]}}"#,
        r#"{"lat":5,"make":"A","lon":4,"id":"2","creator":{"username":"ada"}}"#,
        r#"{"id":"3","creator":{"id":"7"},"sequence":null,"geometry":"here"}"#,
        r#"{"id":"4","geometry":"","more":{"b":1}}"#,
        r#"{"id":"5","computed_geometry":null,"lon":3}"#,
    ];
    let written = |lines: &[&str]| {
        let (mut parser, mut writer) = (Parser::default(), Writer::new(&[], &[]));
        let mut row = Row::new(Columns::from_fields(&[]));
        let each = |text: &&str| {
            parser.read(text, &mut row).unwrap();
            let out = line(&mut writer, &row);
            serde_json::from_str::<serde_json::Value>(&out).unwrap()
        };
        lines.iter().map(each).collect::<Vec<_>>()
    };
    let alone: Vec<_> = lines.iter().flat_map(|text| written(&[text])).collect();
    for first in 0..lines.len() {
        let (mut turned, mut wanted) = (lines, alone.clone());
        turned.rotate_left(first);
        wanted.rotate_left(first);
        assert_eq!(written(&turned), wanted);
    }
    assert!(alone[0]["note"].is_null() && alone[0].as_object().unwrap().contains_key("note"));
    assert!(
        alone[0]["organization"]["id"].is_null()
            && !alone[1].as_object().unwrap().contains_key("note")
    );
}

#[test]
fn unknown_values_come_back_as_they_were() {
    let text = r#"{"a":1.50,"b":"1.50","c":[true,null],"d":false}"#;
    assert_eq!(line(&mut Writer::new(&[], &[]), &json::parse(text).unwrap()).trim_end(), text);
}
