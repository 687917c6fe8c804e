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
fn the_first_line_names_what_is_empty_and_the_next_leave_it_out() {
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
    assert_eq!(line(&mut writer, &row), "{\"id\":\"1\"}\n");
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
        let text = line(&mut Writer::new(&[], &[]), &row);
        let mut back = Row::new(Columns::from_fields(&[]));
        Parser::default().read(&text, &mut back).unwrap();
        // The parts of an object with values come back side by side.
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
fn unknown_values_come_back_as_they_were() {
    let text = r#"{"a":1.50,"b":"1.50","c":[true,null],"d":false}"#;
    assert_eq!(line(&mut Writer::new(&[], &[]), &json::parse(text).unwrap()).trim_end(), text);
}
