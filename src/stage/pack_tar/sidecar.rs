//! Sidecar files in a tar, in the layout that readers of WebDataset expect.

use std::sync::Arc;

use crate::archive::packed::{self, Part, Source};
use crate::row::{Columns, Field, Row, json};

/// The row of a picture as a sidecar file, in the layout that readers of WebDataset expect. `bare` are the columns of a
/// row without values.
pub fn sidecar(part: &Part, bare: &Arc<Columns>) -> Part {
    let mut row = Row::new(Arc::clone(bare));
    for (column, text, raw) in packed::lasting(&part.row) {
        row.set_column(column, text, raw);
    }
    let mut text = Vec::new();
    json::Writer::new(&[], &[]).write(&row, &mut text);
    let (name, bytes) = (sidecar_name(&part.name), text.len() as u64);
    // Its line in the index has the same time as that of the picture.
    let is_instant = part.row.get(Field::CapturedAt).is_some();
    let times = [if is_instant { Field::CapturedAt } else { Field::Zone }, Field::TakenAt];
    let mut row = Row::new(Arc::clone(bare));
    for field in times {
        part.row.get(field).into_iter().for_each(|time| row.set(field, time));
    }
    let (source, row, number) = (Source::Memory(text), Arc::new(row), None);
    Part { name, bytes, source, row, number, modified_s: part.modified_s, sha256: part.sha256 }
}

pub fn sidecar_name(name: &str) -> String {
    format!("{}.json", key_of(name))
}

/// The name without its extension.
pub fn key_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(key, _)| key)
}
