//! No value is lost on its way through stages, whatever its format, its column and the formats that it passes through.

use super::open::AHEAD;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};

use super::*;
use crate::row::row_format::Writer;
use crate::row::{Column, known_fields};
use RowFormat::{Csv, Jsonl};

type Facts = Vec<BTreeMap<String, String>>;

/// The output for this text of a tool that passes rows on, read from a file or a pipe.
fn stage(text: &str, form: Option<RowFormat>, is_pipe: bool) -> String {
    let mut intake = open_text(text, form, is_pipe);
    let order = intake.columns().list().to_vec();
    let mut writer =
        Writer::new(form.unwrap_or(intake.form), &order, &[], !intake.settled).unwrap();
    let mut out = Vec::new();
    writer.start(&mut out);
    intake.by_ref().for_each(|row| writer.write(&row.unwrap(), &mut out).unwrap());
    String::from_utf8(out).unwrap()
}

fn open_text(text: &str, form: Option<RowFormat>, is_pipe: bool) -> InputReader {
    if is_pipe {
        let (reader, mut writer) = io::pipe().unwrap();
        let text = text.to_string();
        std::thread::spawn(move || writer.write_all(text.as_bytes()));
        let file = File::from(std::os::fd::OwnedFd::from(reader));
        return InputReader::of_file(file, (None, None), "", form, &Stop::default()).unwrap();
    }
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    io::Seek::rewind(&mut file).unwrap();
    InputReader::of_file(file, (None, None), "", form, &Stop::default()).unwrap()
}

/// The values of the rows, without those that only fill the first thousand.
fn facts(text: &str) -> Facts {
    let rows = open_text(text, None, false).map(Result::unwrap);
    let values = |row: Row| {
        row.filled().map(|(column, text, _)| (column.name.to_string(), text.to_string())).collect()
    };
    rows.filter(|row| row.get(crate::row::Field::ImgId) != Some("9")).map(values).collect()
}

const FOLDED: [&str; 5] = ["more", "geometry", "computed_geometry", "creator", "organization"];

/// Texts that a cell of any column may contain.
const TEXTS: [&str; 26] = [
    "ada",
    "5",
    "0",
    "",
    " ",
    "null",
    "true",
    "a\nb, \"c\"",
    "POINT (1.50 2)",
    "SRID=4326;POINT(1.50 2)",
    "SRID=3857;POINT(1 2)",
    "POINT Z (1.50 2 3)",
    "POINT (565000 5932000)",
    "POINT EMPTY",
    "LINESTRING (1 2, 3 4)",
    r#"{"type":"Point","coordinates":[1.50, 2]}"#,
    r#"{"type":"Point","coordinates":[1.50,2,3]}"#,
    r#"{"type":"Point","coordinates":["1",2]}"#,
    r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#,
    r#"{"id":"7"}"#,
    r#"{"id":"7","slug":"x"}"#,
    r#"{"id":"#,
    r#"{"username":null}"#,
    "{}",
    "[1,2]",
    r#"{"__complete__": true}"#,
];

/// The values that a CSV cell represents.
fn meant(column: &str, text: &str) -> BTreeMap<String, String> {
    let point = known_fields::parts(column).filter(|_| column.ends_with("geometry"));
    let place = ["1.50", "2"];
    let parts: Vec<(&str, &str)> = point
        .iter()
        .flat_map(|fields| fields.iter().map(|field| field.flat()).zip(place))
        .collect();
    let values: Vec<(&str, &str)> = match (column, text) {
        (_, "") => vec![],
        ("more", r#"{"type":"Point","coordinates":[1.50, 2]}"#) => {
            vec![("type", "Point"), ("coordinates", "[1.50,2]")]
        }
        ("more", r#"{"type":"Point","coordinates":[1.50,2,3]}"#) => {
            vec![("type", "Point"), ("coordinates", "[1.50,2,3]")]
        }
        ("more", r#"{"type":"Point","coordinates":["1",2]}"#) => {
            vec![("type", "Point"), ("coordinates", r#"["1",2]"#)]
        }
        ("more", r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#) => {
            vec![("type", "LineString"), ("coordinates", "[[1,2],[3,4]]")]
        }
        ("more", r#"{"id":"7","slug":"x"}"#) => vec![("slug", "x")],
        ("more", r#"{"id":"7"}"#) => vec![],
        ("creator", r#"{"id":"7","slug":"x"}"#) => vec![("creator_id", "7"), (column, text)],
        ("organization", r#"{"id":"7","slug":"x"}"#) => vec![("org_id", "7"), (column, text)],
        ("creator", r#"{"id":"7"}"#) => vec![("creator_id", "7")],
        ("organization", r#"{"id":"7"}"#) => vec![("org_id", "7")],
        (_, "POINT (1.50 2)" | "SRID=4326;POINT(1.50 2)") if point.is_some() => parts,
        (_, r#"{"type":"Point","coordinates":[1.50, 2]}"#) if point.is_some() => parts,
        // A number in quotes is read as one, as in other columns.
        (_, r#"{"type":"Point","coordinates":["1",2]}"#) if point.is_some() => {
            parts.into_iter().zip(["1", "2"]).map(|((name, _), text)| (name, text)).collect()
        }
        (_, "POINT Z (1.50 2 3)" | r#"{"type":"Point","coordinates":[1.50,2,3]}"#)
            if point.is_some() =>
        {
            [parts, vec![(column, text)]].concat()
        }
        // White space between JSON tokens is not kept.
        (_, r#"{"type":"Point","coordinates":[1.50, 2]}"#) => {
            vec![(column, r#"{"type":"Point","coordinates":[1.50,2]}"#)]
        }
        (_, r#"{"__complete__": true}"#) if column != "more" => {
            vec![(column, r#"{"__complete__":true}"#)]
        }
        _ => vec![(column, text)],
    };
    let id = ("img_id", if text.starts_with(r#"{"id":"7""#) { "7" } else { "1" });
    values.into_iter().chain([id]).map(|(name, text)| (name.into(), text.into())).collect()
}

fn csv(column: &str, texts: &[&str]) -> String {
    let row = |text: &&str| {
        let id = if text.starts_with(r#"{"id":"7""#) { "7" } else { "1" };
        format!("{id},\"{}\"\n", text.replace('"', "\"\""))
    };
    format!("img_id,{column}\n{}", texts.iter().map(row).collect::<String>())
}

/// Chains of one to three stages, by their output formats.
const WAYS: [&[Option<RowFormat>]; 8] = [
    &[None],
    &[None, None],
    &[Some(Csv), None, Some(Csv)],
    &[Some(Jsonl), Some(Csv)],
    &[Some(Jsonl), None, Some(Csv)],
    &[Some(Jsonl), Some(Csv), Some(Csv)],
    &[Some(Jsonl), Some(Csv), Some(Jsonl)],
    &[Some(Csv), Some(Jsonl), Some(Jsonl)],
];

fn check(text: &str, wanted: &Facts) {
    for (way, is_pipe) in WAYS.into_iter().zip([false, true, false, true].into_iter().cycle()) {
        let mut passed = text.to_string();
        for form in way {
            passed = stage(&passed, *form, is_pipe);
            assert_eq!(&facts(&passed), wanted, "{way:?} {is_pipe}\n{text}\n{passed}");
        }
        let again = stage(&passed, None, false);
        let is_csv = open_text(&passed, None, false).form == Csv;
        assert!(!is_csv || again == passed, "what was written comes back\n{passed}\n{again}");
    }
}

#[test]
fn no_value_of_a_folded_column_is_lost_in_any_form_and_direction() {
    for column in FOLDED {
        let mut all = Vec::new();
        for text in TEXTS {
            check(&csv(column, &[text]), &vec![meant(column, text)]);
            all.push(meant(column, text));
        }
        check(&csv(column, &TEXTS), &all);
    }
}

#[test]
fn no_value_of_json_lines_is_lost_in_any_form_and_direction() {
    for column in FOLDED {
        let mut lines = String::new();
        for text in TEXTS.into_iter().filter(|text| !text.is_empty()) {
            let mut quoted = Vec::new();
            crate::row::json::lex::quote(text, &mut quoted);
            let line = |value: &str| format!("{{\"id\":\"1\",\"{column}\":{value}}}\n");
            let mut values = vec![String::from_utf8(quoted).unwrap()];
            if serde_json::from_str::<serde_json::Value>(text).is_ok() && text != "null" {
                values.push(text.to_string());
            }
            for value in values {
                let first = facts(&line(&value));
                assert!(first[0].len() > 1 || value.contains("null"), "{value}");
                lines += &line(&value);
            }
        }
        // In CSV a string that looks like an object is read as one, so the first CSV stage determines the meaning, and
        // from there nothing changes.
        let first = stage(&lines, Some(Csv), false);
        check(&first, &facts(&first));
        let strings: Facts = facts(&stage(&lines, None, false));
        assert_eq!(strings, facts(&lines), "{column}");
    }
}

#[test]
fn what_turns_up_late_is_carried_through_every_further_stage() {
    for column in FOLDED {
        let mut text = "{\"id\":\"9\",\"width\":1}\n".repeat(AHEAD);
        text += &format!("{{\"id\":\"1\",\"{column}\":\"ada\",\"note\":5}}\n");
        let wanted = facts(&text);
        assert_eq!(wanted[0].len(), 3);
        let mut passed = stage(&text, Some(Csv), true);
        for form in [None, Some(Csv), Some(Jsonl), Some(Csv)] {
            let further = [true, false].map(|is_pipe| stage(&passed, form, is_pipe));
            further.iter().for_each(|text| assert_eq!(facts(text), wanted, "{form:?}"));
            [_, passed] = further;
        }
    }
}

#[test]
fn a_table_of_one_kind_of_point_has_no_columns_that_it_does_not_need() {
    for (text, header) in [
        ("img_id,creator,make\n1,ada,A\n", "img_id,creator,make\n"),
        ("img_id,geometry,make\n1,POINT (1 2),A\n", "img_id,lon,lat,make\n"),
        ("img_id,geometry,make\n1,,A\n", "img_id,lon,lat,make\n"),
        ("img_id,geometry\n1,POINT (1 2)\n2,POINT Z (1 2 3)\n", "img_id,lon,lat,geometry\n"),
    ] {
        for is_pipe in [false, true] {
            assert!(stage(text, None, is_pipe).starts_with(header), "{text}");
        }
    }
}

#[test]
fn a_new_place_ends_a_point_that_was_kept_for_its_height() {
    let text = "img_id,geometry\n1,POINT Z (1 2 3)\n";
    let mut row = open_text(text, None, false).next().unwrap().unwrap();
    row.set(crate::row::Field::Lon, "1");
    assert!(row.get_column(&Column::named("geometry")).is_some(), "it is the same place");
    row.set(crate::row::Field::Lon, "5");
    assert_eq!(row.get_column(&Column::named("geometry")), None);
}
