#![no_main]
use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::track::{Limits, UnpackError, unpack};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    let _ = unpack(bytes.to_vec(), limits, &|_| true, &mut |_| Ok::<_, UnpackError>(()));
});
