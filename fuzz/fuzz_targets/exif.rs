//! Any bytes as an EXIF block, read and changed.
#![no_main]

use mapillary_pipes::format::exif::{self, gps};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = exif::read(&mut &bytes[..]);
    let _ = exif::thumbnail::read(&mut &bytes[..]);
    let direction = gps::Direction { deg: 1.0, magnetic: false };
    let _ = exif::edit(Some(bytes), &gps::direction_edits(direction), 65_527, Some((320, 240)));
});
