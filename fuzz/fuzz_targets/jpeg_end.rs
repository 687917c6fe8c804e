//! Any bytes, in parts, as a JPEG whose end is looked for.
#![no_main]

use mapillary_pipes::format::jpeg::End;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut end = End::default();
    bytes.chunks(7).for_each(|part| end.push(part));
});
