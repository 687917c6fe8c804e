#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::nmea;

fuzz_target!(|bytes: &[u8]| {
    let _ = nmea::read(bytes, Some(1_714_564_800_000));
});
