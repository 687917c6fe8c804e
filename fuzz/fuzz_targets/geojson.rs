#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::geojson;

fuzz_target!(|text: &str| {
    let _ = geojson::read_area(text);
});
