//! Any bytes as a table of rows. What is read and written again as CSV comes
//! back from that as the same bytes, through JSON lines too.
#![no_main]

use std::io::Cursor;

use mapillary_pipes::row::Row;
use mapillary_pipes::row::table::{Form, Reader, Writer};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some(csv) = written(bytes, Form::Csv) else { return };
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let again = written(&csv, Form::Csv).expect("what was written can be read");
    assert_eq!(show(&csv), show(&again));
    let lines = written(&csv, Form::Jsonl).expect("what was written can be read");
    if !lines.is_empty() {
        let back = written(&lines, Form::Csv).expect("what was written can be read");
        assert_eq!(show(&csv), show(&back), "{}", show(&lines));
    }
});

/// The good rows in this form; nothing when there are none.
fn written(bytes: &[u8], form: Form) -> Option<Vec<u8>> {
    let mut reader = Reader::new(Cursor::new(bytes.to_vec())).ok()?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(row) = reader.next_row() {
        rows.extend(row);
    }
    let mut writer = Writer::new(form, reader.columns().list(), &[], false);
    let mut out = Vec::new();
    writer.start(&mut out);
    rows.iter().for_each(|row| writer.write(row, &mut out));
    (!rows.is_empty()).then_some(out)
}
