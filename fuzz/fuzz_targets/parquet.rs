//! Any bytes as Parquet: rows, then perhaps an error, and an end.
#![no_main]

use mapillary_pipes::row::parquet::Reader;
use mapillary_pipes::row::row_format::ReadError;
use mapillary_pipes::row::{Columns, Row};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = Reader::new(bytes::Bytes::copy_from_slice(bytes)) else { return };
    let mut row = Row::new(Columns::from_fields(&[]));
    for _ in 0..10_000 {
        if matches!(reader.read(&mut row), Ok(false) | Err(ReadError::Input(_))) {
            return;
        }
    }
});
