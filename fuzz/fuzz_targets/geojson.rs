#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::geojson_areas;

fuzz_target!(|text: &str| {
    let _ = geojson_areas::read_area(text);
});
