//! Sidecar files in a tar, in the layout that readers of WebDataset expect.

use std::sync::Arc;

use crate::archive::packed::{self, Part, Source};
use crate::row::{Field, Row, json};

/// The row of a picture as a sidecar file, in the layout that readers of WebDataset expect.
pub fn sidecar(part: &Part) -> Part {
    let mut row = Row::from_cells(&[]);
    for (column, text, raw) in packed::lasting(&part.row) {
        row.set_column(column, text, raw);
    }
    let mut text = Vec::new();
    json::Writer::new(&[], &[]).write(&row, &mut text);
    let (name, bytes) = (sidecar_name(&part.name), text.len() as u64);
    // Its line in the index has the same time as that of the picture.
    let times = [Field::CapturedAt, Field::TakenAt];
    let times: Vec<_> =
        times.iter().filter_map(|&field| Some((field, part.row.get(field)?))).collect();
    let row = Arc::new(Row::from_cells(&times));
    Part { name, bytes, source: Source::Memory(text), row, ..part.clone() }
}

pub fn sidecar_name(name: &str) -> String {
    format!("{}.json", key_of(name))
}

/// The name without its extension.
pub fn key_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(key, _)| key)
}
