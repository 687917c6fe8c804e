//! Answers of archive.org: what an item holds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::service::internet_archive::read_held;

fuzz_target!(|body: &[u8]| {
    read_held(body);
});
