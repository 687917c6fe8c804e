use std::io::{self, Read};

use super::*;
use crate::row::json;
use crate::row::{Column, Field};

fn rows(text: &str) -> (RowFormat, Vec<Result<Row, String>>, Vec<String>) {
    let mut reader = Reader::new(io::Cursor::new(text.as_bytes().to_vec())).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row() {
        rows.push(row.map_err(|error| error.to_string()));
    }
    (reader.form(), rows, reader.notes())
}

/// The text converted to the other format, with the columns of all its rows as header.
fn turned(text: &str, form: RowFormat) -> String {
    let mut reader = Reader::new(io::Cursor::new(text.as_bytes().to_vec())).unwrap();
    let rows: Vec<Row> = std::iter::from_fn(|| reader.next_row()).map(Result::unwrap).collect();
    let mut writer = Writer::new(form, reader.columns().list(), &[], false).unwrap();
    let mut out = Vec::new();
    writer.start(&mut out);
    rows.iter().for_each(|row| writer.write(row, &mut out).unwrap());
    String::from_utf8(out).unwrap()
}

#[test]
fn csv_comes_back_through_json_lines_as_the_same_bytes() {
    let text = "org_id,seq_id,img_id,lat,lon,note,is_pano,bytes\n\
                1,-aB,0012,52.50,13.4,\"a, \"\"b\"\"\n\",true,\n\
                ,,3,,,,,0\n";
    assert_eq!(turned(&turned(text, RowFormat::Jsonl), RowFormat::Csv), text);
}

#[test]
fn json_lines_come_back_through_csv_with_the_same_known_values() {
    let text = "{\"id\":\"1\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1.10,2]},\"mesh\":{\"id\":\"9\"},\"is_pano\":false}\n";
    assert_eq!(turned(&turned(text, RowFormat::Csv), RowFormat::Jsonl), text);
}

#[test]
fn doubled_names_over_short_rows_are_left_out_and_it_is_said() {
    let text = "seq_id,img_id,sequence,id,width\ns,1,640\ns,2,800\n";
    let (_, rows, notes) = rows(text);
    assert_eq!(rows[1].as_ref().unwrap().get(Field::Width), Some("800"));
    assert!(notes[0].contains("doubles"));
}

#[test]
fn other_ragged_rows_and_rows_that_disagree_fail_with_their_line() {
    let (_, rows, _) = rows("img_id,id\n1,1\n1\n2,3\n4,4,4\n5,\n");
    let errors: Vec<_> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert_eq!(errors[0], "line 4: two values for column 'img_id': '2' and '3'");
    assert_eq!(errors[1], "line 5: 3 cells, but the header has 2");
    assert_eq!(rows[4].as_ref().unwrap().get(Field::ImgId), Some("5"));
}

#[test]
fn a_bom_crlf_and_gzip_are_read() {
    let (form, plain, _) = rows("\u{feff}id,make\r\n1,A\r\n");
    assert_eq!((form, plain[0].as_ref().unwrap().get(Field::Make)), (RowFormat::Csv, Some("A")));
    let mut packed =
        flate2::read::GzEncoder::new(&b"{\"id\":1}\n"[..], flate2::Compression::fast());
    let mut bytes = Vec::new();
    packed.read_to_end(&mut bytes).unwrap();
    let mut reader = Reader::new(io::Cursor::new(bytes)).unwrap();
    assert_eq!(reader.next_row().unwrap().unwrap().get(Field::ImgId), Some("1"));
}

#[test]
fn a_point_in_a_cell_and_the_column_more_are_unfolded() {
    let (_, rows, _) = rows(
        "id,geometry,more\n1,\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[1,2]}\",\"{\"\"make\"\":\"\"A\"\"}\"\n",
    );
    let row = rows[0].as_ref().unwrap();
    assert_eq!(
        (row.get(Field::Lon), row.get(Field::Lat), row.get(Field::Make)),
        (Some("1"), Some("2"), Some("A"))
    );
}

#[test]
fn names_that_turn_up_late_go_to_more() {
    let mut writer = csv::Writer::new(&[Field::ImgId.into()], &[], true);
    let mut out = Vec::new();
    writer.header(&mut out);
    writer.write(
        &json::parse(r#"{"id":"1","geometry":{"type":"Point","coordinates":[1,2]}}"#).unwrap(),
        &mut out,
    );
    let text = String::from_utf8(out).unwrap();
    let (_, rows, _) = rows(&text);
    assert_eq!(rows[0].as_ref().unwrap().get(Field::Lat), Some("2"), "{text}");
}

#[test]
fn a_column_without_a_name_comes_back() {
    assert_eq!(turned("\"\"\nx\n", RowFormat::Csv), "\"\"\nx\n");
}

#[test]
fn a_broken_line_does_not_hide_the_next() {
    let (_, rows, _) = rows("{\"id\":\"1\"}\n{\"id\":\n{\"id\":\"3\"}\n");
    assert_eq!(rows[1], Err("line 2: unexpected end of input at byte 7 of the line".to_string()));
    assert_eq!(rows[2].as_ref().unwrap().line, 3);
}

fn values(text: &str, fields: [Field; 2]) -> Vec<[Option<String>; 2]> {
    let rows = rows(text).1.into_iter().map(Result::unwrap);
    rows.map(|row| fields.map(|field| row.get(field).map(String::from))).collect()
}

fn pair(one: &str, other: &str) -> [Option<String>; 2] {
    [one, other].map(|text| (!text.is_empty()).then(|| text.to_string()))
}

#[test]
fn a_header_that_comes_again_is_no_row_and_its_order_counts() {
    let text = "img_id,lon\n1,2\nimg_id,lon\n3,4\n\u{feff}lon,img_id\n6,5\nid\n";
    let (_, all, notes) = rows(text);
    let read: Vec<_> = all.iter().flatten().map(|row| row.get(Field::ImgId).unwrap()).collect();
    assert_eq!(read, ["1", "3", "5"]);
    assert!(notes[0].starts_with("line 3: the header comes again"), "{notes:?}");
    assert!(notes[1].starts_with("line 5: the header comes again, in another"), "{notes:?}");
    assert_eq!(all[3], Err("line 7: 1 cell, but the header has 2".into()));
}

#[test]
fn a_header_with_further_columns_ends_the_input() {
    let text = "img_id,lon\n1,2\nimg_id,lon,make\n3,4,A\n";
    let mut reader = Reader::new(io::Cursor::new(text)).unwrap();
    assert!(reader.next_row().unwrap().is_ok());
    let error = reader.next_row().unwrap().unwrap_err().to_string();
    assert!(
        error.contains("line 3: another header, with columns that the first lacks: make"),
        "{error}"
    );
}

#[test]
fn rows_that_only_look_like_a_header_are_rows() {
    for text in ["note\nnote\n", "make,model\nA,model\n", "path\nstatus\n", "a,b\na,b\n"] {
        assert_eq!(rows(text).1.len(), 1, "{text}");
    }
}

#[test]
fn rows_of_separators_alone_are_no_rows() {
    let text = "img_id,lon,,\n1,2,,\n,,,\n,,,\n";
    let (_, rows, notes) = rows(text);
    assert_eq!((rows.len(), notes.len()), (1, 1));
    assert!(notes[0].starts_with("line 3: "), "{notes:?}");
}

#[test]
fn tables_of_excel_are_read_in_all_their_dialects() {
    let wanted = [pair("1", "A, b"), pair("3", "C")];
    for text in [
        "sep=;\r\nimg_id;make\r\n1;A, b\r\n3;C\r\n",
        "img_id;make\n1;A, b\n3;C\n",
        "img_id\tmake\n1\tA, b\n3\tC\n",
    ] {
        assert_eq!(values(text, [Field::ImgId, Field::Make]), wanted, "{text}");
    }
    let (_, rows, _) = rows("sep=;\nimg_id;make\n1\n");
    assert_eq!(rows[0], Err("line 3: 1 cell, but the header has 2".into()));
}

#[test]
fn arrays_and_collections_are_rows() {
    let array = "[{\"id\":\"1\",\"make\":\"A\"},\n{\"id\":2}]\n";
    assert_eq!(values(array, [Field::ImgId, Field::Make]), [pair("1", "A"), pair("2", "")]);
    let collection = "{\n\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\
        \"geometry\":{\"type\":\"Point\",\"coordinates\":[9.9,54.3]},\"properties\":{\"id\":7}}]}";
    assert_eq!(values(collection, [Field::ImgId, Field::Lat]), [pair("7", "54.3")]);
    let sorted =
        collection.replace("{\n\"type\"", "{\n \"bbox\": [\n9.9,54.3,\n9.9,54.3\n],\n\"type\"");
    assert_eq!(values(&sorted, [Field::ImgId, Field::Lat]), [pair("7", "54.3")]);
    let lines = "{\"bbox\":[9,54],\"id\":\"1\",\"make\":\"A\"}\n{\"bbox\":[9,54],\"id\":2}\n";
    assert_eq!(values(lines, [Field::ImgId, Field::Make]), [pair("1", "A"), pair("2", "")]);
    let (_, rows, _) = rows("\n[{\"id\":1},\n5x,{\"id\":3}]");
    assert_eq!(rows[1].as_ref().unwrap_err(), "line 3: not a JSON object");
    assert_eq!(rows[2].as_ref().unwrap().line, 3);
}

#[test]
fn a_header_that_would_be_taken_for_something_else_is_quoted() {
    for name in ["{x", "[1", "a;b", "a\tb", "sep=;", "a\u{0}b"] {
        let quoted = format!("\"{name}\"\nx\n");
        assert_eq!(turned(&quoted, RowFormat::Csv), quoted);
    }
}

#[test]
fn random_changes_to_csv_do_no_harm() {
    let text = b"seq_id,img_id,sequence,more\na,1,a,\"{\"\"make\"\":1}\"\nb,2,b,\n";
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut bytes = text.to_vec();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        bytes.truncate(random.usize(..=bytes.len()));
        let Ok(mut reader) = Reader::new(io::Cursor::new(bytes)) else { continue };
        let mut row = Row::new(Columns::from_fields(&[]));
        while !matches!(reader.read(&mut row), Ok(false) | Err(ReadError::Input(_))) {}
    }
}

fn reader(text: &str) -> Reader {
    Reader::new(io::Cursor::new(text.as_bytes().to_vec())).unwrap()
}

#[test]
fn a_reader_says_what_it_knows_before_the_first_row() {
    for (text, is_open, value) in [
        ("img_id,note\n1,2\n", false, None),
        ("2024-05-01,x\n", false, Some("2024-05-01")),
        ("{\"id\":\"1\"}\n", true, None),
        ("[{\"id\":\"1\"}]", true, None),
        ("1020304050600100\n", false, None),
    ] {
        let reader = reader(text);
        assert_eq!((reader.is_open(), reader.value_in_header()), (is_open, value), "{text}");
        assert_eq!(reader.total(), None, "{text}");
    }
}

#[test]
fn a_table_without_its_header_gets_one_unless_it_needs_none() {
    let table = "1,a\n";
    let json = "{\"id\":\"1\",\"note\":\"a\"}";
    for text in [table, &format!("img_id,note\n{table}"), json, &format!("[{json}]")] {
        let input = io::Cursor::new(text.as_bytes().to_vec());
        let mut reader = Reader::headless(input, "img_id,note").unwrap();
        let row = reader.next_row().unwrap().unwrap();
        let note = row.get_column(&Column::named("note"));
        assert_eq!((row.get(Field::ImgId), note), (Some("1"), Some("a")), "{text}");
        assert!(reader.next_row().is_none(), "{text}");
    }
}

#[test]
fn looking_through_finds_the_columns_of_later_rows() {
    for text in [
        "{\"id\":\"1\"}\n{\n{\"id\":\"2\",\"note\":\"a\"}\n",
        "[{\"id\":\"1\"},{\"id\":\"2\",\"note\":\"a\"}]",
        "id,geometry\n1,\n2\n3,by the harbour\n",
    ] {
        let mut reader = reader(text);
        reader.look_through().unwrap();
        let names: Vec<_> = reader.columns().list().iter().map(|c| c.name.to_string()).collect();
        let is_found = names.iter().any(|name| name == "note" || name == "geometry");
        assert!(is_found, "{text}: {names:?}");
    }
    // A table whose header says all of them is not read for that.
    let mut closed = reader("img_id,note\n1,a\n");
    closed.look_through().unwrap();
    assert_eq!(closed.next_row().unwrap().unwrap().get(Field::ImgId), Some("1"));
}

#[test]
fn a_row_of_more_than_64_mb_fails_alone_and_one_of_64_mb_does_not() {
    let most = crate::row::MAX_ROW_BYTES as u64;
    for (length, is_over) in [(most, false), (most + 1, true)] {
        // The line end is part of it.
        let long = || io::repeat(b' ').take(length - 1);
        let list = io::Cursor::new("1020304050600100\n").chain(long());
        let list = Reader::new(list.chain(io::Cursor::new("\n1020304050600101\n"))).unwrap();
        let lines = io::Cursor::new("{\"id\":\"1020304050600100\"}\n").chain(long());
        let lines =
            Reader::of_lines(lines.chain(io::Cursor::new("\n{\"id\":\"1020304050600101\"}\n")));
        for mut reader in [list, lines] {
            let rows: Vec<_> = std::iter::from_fn(|| reader.next_row()).collect();
            let ids: Vec<_> = rows
                .iter()
                .flatten()
                .map(|row| (row.get(Field::ImgId).unwrap(), row.line))
                .collect();
            assert_eq!(ids, [("1020304050600100", 1), ("1020304050600101", 3)]);
            let errors: Vec<_> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
            assert_eq!(errors.len(), usize::from(is_over), "{length}: {errors:?}");
            for error in errors {
                assert_eq!(error.to_string(), "line 2: a row of more than 64 MB");
            }
        }
    }
}

#[test]
fn keys_of_sequences_are_a_list_and_words_are_a_header() {
    for (line, is_list) in [
        ("aB3defghijklmnopqrstuv", true),
        ("aB3-efghijklmnopqrstuv", true),
        ("aB3_efghijklmnopqrstuv", true),
        ("aB3-efghij_lmnopqrstuv", true),
        ("aB-defghijklmnopqrstuv", false),
        ("aB3defghijklmnopqrstu", false),
        ("aB3defghij lmnopqrstuv", false),
    ] {
        let mut reader = reader(&format!("{line}\n"));
        assert_eq!(reader.notes().len(), usize::from(is_list), "{line}");
        let first = reader.next_row().map(|row| row.unwrap().get(Field::SeqId).map(String::from));
        assert_eq!(first, is_list.then(|| Some(line.to_string())), "{line}");
    }
}

#[test]
fn the_first_line_of_csv_is_its_header_and_json_has_none() {
    for (text, wanted) in [
        ("img_id,lon\n1,2\n", Some("img_id,lon")),
        ("\n \nimg_id\r\n1\n", Some("img_id")),
        ("img_id", Some("img_id")),
        ("{\"id\":1}\n", None),
        ("[\n{\"id\":1}]\n", None),
        ("\n\n", None),
        ("", None),
    ] {
        let found = header(io::Cursor::new(text.as_bytes().to_vec())).unwrap();
        assert_eq!(found.as_deref(), wanted, "{text:?}");
    }
}

#[test]
fn tables_need_a_header_and_parquet_is_no_text() {
    for (form, has_header, is_text) in [
        (RowFormat::Csv, true, true),
        (RowFormat::Jsonl, false, true),
        (RowFormat::Lines, false, true),
        (RowFormat::TextSequence, false, true),
        (RowFormat::Parquet, true, false),
        (RowFormat::Geoparquet, true, false),
    ] {
        assert_eq!((form.has_header(), form.is_text()), (has_header, is_text), "{form:?}");
    }
}

#[test]
fn parquet_is_complete_once_it_is_finished() {
    let columns = [Field::ImgId, Field::Lon, Field::Lat].map(Column::from);
    for form in [RowFormat::Parquet, RowFormat::Geoparquet] {
        let mut writer = Writer::new(form, &columns, &[], false).unwrap();
        let mut out = Vec::new();
        writer.start(&mut out);
        writer.write(&json::parse("{\"id\":\"1\"}").unwrap(), &mut out).unwrap();
        writer.finish(&mut out).unwrap();
        assert!(out.starts_with(b"PAR1") && out.ends_with(b"PAR1"), "{form:?}");
    }
}

#[test]
fn a_header_at_the_start_of_a_part_is_told_of_by_the_line_of_the_part() {
    let part = "lon,img_id\n2,1\n";
    let mut reader = Reader::headless(part.as_bytes(), "img_id,lon").unwrap();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.get(Field::ImgId), row.get(Field::Lon)), (Some("1"), Some("2")));
    assert!(reader.notes()[0].starts_with("line 1: the header comes again"));
    let mut wider = Reader::headless("img_id,lon,lat\n".as_bytes(), "img_id,lon,note").unwrap();
    let error = wider.next_row().unwrap().unwrap_err().to_string();
    assert!(error.contains("line 1: another header"), "{error}");
}
