//! The pixels of JPEG files, by libjpeg.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::format::jpeg;

fuzz_target!(|bytes: &[u8]| {
    let Ok(head) = jpeg::read(&mut &bytes[..]) else { return };
    // Whoever decodes looks at the size before.
    if head.layout.size.is_none_or(|(width, height)| u64::from(width) * u64::from(height) < 1 << 22)
    {
        let _ = (jpeg::decode(bytes), jpeg::decode_stored(bytes));
        let _ = jpeg::preview(bytes);
    }
});
