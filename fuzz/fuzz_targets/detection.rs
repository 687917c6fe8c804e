#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::detection::{self, Units};

fuzz_target!(|bytes: &[u8]| {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let read = [
        detection::read_tile(bytes),
        detection::read_geometry(text),
        detection::read_json(text, Units::Parts),
    ];
    for area in read.into_iter().flatten() {
        let written = detection::write_json(&area, None);
        assert!(detection::read_json(&written, Units::Parts).is_ok() || area.is_empty());
        area.spans(9, 7, |row, start, end| assert!(row < 7 && start < end && end <= 9));
    }
});
