#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::tar;

fuzz_target!(|bytes: &[u8]| {
    let mut entries = tar::Entries::new(bytes);
    while !matches!(entries.step(), Ok(tar::TarStep::Stopped(_)) | Err(_)) {}
});
