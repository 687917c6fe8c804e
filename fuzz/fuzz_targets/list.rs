//! Any lines below an id as a list of ids and links without a header: one row a line at most, and ids alone.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use mapillary_pipes::row::Field;
use mapillary_pipes::row::row_format::{ReadError, Reader};
use mapillary_pipes::value::mapillary_url;

fuzz_target!(|lines: &str| {
    let text = format!("1020304050600100\n{lines}");
    let most = text.split(['\n', '\r']).count();
    let Ok(mut reader) = Reader::new(Cursor::new(text.into_bytes())) else { return };
    let mut rows = 0;
    while let Some(row) = reader.next_row() {
        match row {
            Ok(row) => {
                rows += 1;
                let id = row.get(Field::ImgId).unwrap_or_default();
                assert!(
                    mapillary_url::picture(id).is_none(),
                    "a link is taken for what it names: {id}"
                );
            }
            Err(ReadError::Input(_)) => break,
            Err(ReadError::Row { .. }) => {}
        }
    }
    assert!(rows <= most, "{rows} rows of {most} lines");
});
