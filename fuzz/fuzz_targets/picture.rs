//! Any file as a picture: JPEG, WebP, PNG, HEIF, TIFF; read, and written where it can be.
#![no_main]

use mapillary_pipes::format::{exif::gps, picture::Picture, xmp};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut picture) = Picture::open(std::io::Cursor::new(bytes)) {
        let _ = picture.facts();
        let direction = gps::Direction { deg: 1.0, magnetic: false };
        let value = Some(xmp::Set::Text("1".into()));
        let words = [xmp::Edit { namespace: xmp::EXIF, name: "GPSDOP", value }];
        let _ = picture.edit(&gps::direction_edits(direction), &words);
    }
});
