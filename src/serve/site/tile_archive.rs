//! All tiles of an archive in one PMTiles file.

use std::io;
use std::path::Path;

use serde_json::json;

use crate::disk::atomic_file::Replacement;
use crate::format::pmtiles::{About, Writer};
use crate::serve::index::{Index, z_order};
use crate::serve::tiles;
use crate::serve::web::summary;
use crate::value::tile::Tile;

/// Writes all tiles that are not empty; returns their number.
pub fn write(index: &Index, path: &Path) -> io::Result<u64> {
    let mut file = Replacement::create(path)?;
    let mut writer = Writer::new(&mut file)?;
    let mut waiting = vec![Tile::WORLD];
    while let Some(tile) = waiting.pop() {
        if !tiles::has_any(index, tile)? {
            continue;
        }
        let bytes = tiles::coverage(index, tile, false)?;
        if !bytes.is_empty() {
            writer.add(tile, &bytes)?;
        }
        if tile.z() < z_order::DEEPEST {
            waiting.extend(tile.children());
        }
    }
    let count = writer.finish(&about(index)?)?;
    // Without an expected length, since parts of the file are written out of order.
    file.finish(None, false)?;
    Ok(count)
}

fn about(index: &Index) -> io::Result<About> {
    let told = summary::summary(index)?;
    let bounds: Option<[f64; 4]> = serde_json::from_value(told["bounds"].clone()).ok();
    let layers = ["overview", "sequence", "image"].map(|id| json!({"id": id, "fields": {}}));
    Ok(About {
        min_zoom: 0,
        max_zoom: z_order::DEEPEST,
        bounds_deg: bounds.map_or([-180.0, -85.0, 180.0, 85.0], in_order),
        metadata: json!({"name": "coverage", "vector_layers": layers}).to_string(),
    })
}

/// The bounds with west before east, as PMTiles requires it: the whole belt if they cross the antimeridian.
fn in_order([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    if west <= east { [west, south, east, north] } else { [-180.0, south, 180.0, north] }
}
