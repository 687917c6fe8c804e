#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::gpx;

fuzz_target!(|bytes: &[u8]| {
    let _ = gpx::read(bytes);
});
