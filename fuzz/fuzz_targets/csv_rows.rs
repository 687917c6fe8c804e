//! Any bytes as a table of rows: CSV in any dialect and encoding, JSON lines,
//! an array, a GeoJSON collection. What is read and written as CSV comes back
//! from that as the same bytes; through JSON lines no value is lost, and from
//! then on the values, and nearly always the bytes, are the same.
#![no_main]

use std::io::Cursor;

use mapillary_pipes::row::Row;
use mapillary_pipes::row::known_fields::parts;
use mapillary_pipes::row::row_format::{Reader, RowFormat, Writer};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((rows, csv)) = written(bytes, RowFormat::Csv) else { return };
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    // A row of names alone is taken for a header.
    let Some((again, same)) =
        written(&csv, RowFormat::Csv).filter(|(again, _)| again.len() == rows.len())
    else {
        return;
    };
    // A table of one column without its broken rows may be taken for a list of ids.
    let is_list = |csv: &[u8]| csv.starts_with(b"img_id\n") || csv.starts_with(b"seq_id\n");
    if is_list(&same) && !is_list(&csv) {
        return;
    }
    assert_eq!(show(&csv), show(&same));
    let (_, lines) = written(&csv, RowFormat::Jsonl).expect("what was written can be read");
    let (through, back) = written(&lines, RowFormat::Csv).expect("what was written can be read");
    assert_eq!(again, through, "{}", show(&lines));
    let Some((_, lines)) =
        written(&back, RowFormat::Jsonl).filter(|(again, _)| again.len() == through.len())
    else {
        return;
    };
    let (rows, last) = written(&lines, RowFormat::Csv).expect("what was written can be read");
    assert_eq!(through, rows, "{}", show(&lines));
    // A column with the name of an object, such as `creator`, changes places with the columns of that object.
    if !rows.iter().any(has_object_name) {
        assert_eq!(show(&back), show(&last), "{}", show(&lines));
    }
});

fn has_object_name(row: &Row) -> bool {
    row.columns().list().iter().any(|column| parts(&column.name).is_some())
}

/// The good rows that have a value, and they in this form; nothing when there are none.
fn written(bytes: &[u8], form: RowFormat) -> Option<(Vec<Row>, Vec<u8>)> {
    let mut reader = Reader::new(Cursor::new(bytes.to_vec())).ok()?;
    let mut rows: Vec<Row> = Vec::new();
    // A header that is a value may be taken for a row of a list when it is read again.
    if reader.value_in_header().is_some() {
        return None;
    }
    while let Some(row) = reader.next_row() {
        match row {
            Ok(row) => rows.push(row),
            Err(mapillary_pipes::row::row_format::ReadError::Input(_)) => break,
            Err(_) => {}
        }
    }
    rows.retain(|row| row.filled().next().is_some());
    let mut writer =
        Writer::new(form, reader.columns().list(), &[], false).expect("a form of text");
    let mut out = Vec::new();
    writer.start(&mut out);
    rows.iter().for_each(|row| writer.write(row, &mut out).expect("a form of text"));
    (!rows.is_empty()).then_some((rows, out))
}
