//! Any text as one row of JSON. What is read is written as a line that gives
//! the same line again.
#![no_main]

use mapillary_pipes::row::json;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(row) = json::parse(text) else { return };
    let line = written(&row);
    let again = json::parse(&line).unwrap_or_else(|what| panic!("{what}: {line}"));
    assert_eq!(line, written(&again));
});

fn written(row: &mapillary_pipes::row::Row) -> String {
    let mut line = Vec::new();
    json::Writer::new(&[], &[]).write(row, &mut line);
    String::from_utf8(line).expect("JSON lines are UTF-8")
}
