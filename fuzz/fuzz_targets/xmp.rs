//! Any bytes as an XMP packet, read and changed.
#![no_main]

use mapillary_pipes::format::xmp;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    xmp::read(bytes);
    let value = Some(xmp::Set::Text("1".into()));
    let _ =
        xmp::edit(Some(bytes), &[xmp::Edit { namespace: xmp::EXIF, name: "GPSLatitude", value }]);
});
