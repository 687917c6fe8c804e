//! Descriptions of photos: what is read is read again from what is written of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::description::read;

fuzz_target!(|text: &str| {
    if let Some(first) = read(text) {
        let written = first.description.image_description();
        if let Some(again) = read(&written) {
            assert_eq!(again.description.image_description(), written);
        }
    }
});
