#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::tar;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes;
    let _ = tar::read(&mut bytes);
});
