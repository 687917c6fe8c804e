//! Any bytes, in parts, as a JPEG whose end is looked for, and what stands in it.
#![no_main]

use mapillary_pipes::format::jpeg::{self, End, Extras};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut end = End::default();
    bytes.chunks(7).for_each(|part| end.push(part));
    let mut source = bytes;
    if let Ok(head) = jpeg::read(&mut source) {
        Extras::find(bytes, &head);
    }
});
