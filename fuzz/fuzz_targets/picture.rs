//! Any file as a picture: JPEG, WebP, PNG, HEIF, TIFF.
#![no_main]

use mapillary_pipes::format::picture::Picture;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut picture) = Picture::open(std::io::Cursor::new(bytes)) {
        let _ = picture.facts();
    }
});
