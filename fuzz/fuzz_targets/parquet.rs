//! Any bytes as Parquet: rows, then perhaps an error, and an end.
#![no_main]

use std::sync::Once;

use mapillary_pipes::row::parquet::Reader;
use mapillary_pipes::row::row_format::ReadError;
use mapillary_pipes::row::{Columns, Row};
use mapillary_pipes::threads::panics::is_foreign;

/// The parquet crate panics on some damaged files; the reader makes errors of these.
static HOOK: Once = Once::new();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !is_foreign() {
                before(panic);
            }
        }));
    });
    let Ok(mut reader) = Reader::new(bytes::Bytes::copy_from_slice(bytes)) else { return };
    let mut row = Row::new(Columns::from_fields(&[]));
    for _ in 0..10_000 {
        if matches!(reader.read(&mut row), Ok(false) | Err(ReadError::Input(_))) {
            return;
        }
    }
});
