//! Names of collections: what is read is written as the same text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::value::collection::{Collection, images_of};

fuzz_target!(|name: &str| {
    if let Ok(collection) = name.parse::<Collection>() {
        assert_eq!(collection.to_string(), name);
    }
    images_of(name);
});
