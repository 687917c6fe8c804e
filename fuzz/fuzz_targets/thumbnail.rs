//! Pictures that a collection is shown by.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::thumbnail;

fuzz_target!(|picture: &[u8]| {
    let _ = thumbnail::make(picture, 64);
});
