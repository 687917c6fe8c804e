//! Coverage tiles with the layers and property types of the service: ids of images and users are integers here, and
//! strings in the Graph API.

mod feature_layers;
mod layers;

use std::io;

use hyper::body::Bytes;

use crate::disk::cached_io;
use crate::value::tile::Tile;

use super::answer::{Answer, Refusal};
use super::conditional;
use super::index::Index;
use super::snapshot::{Snapshot, TileForm};
use feature_layers::features;
pub use layers::coverage;
use layers::window;

/// The deepest zoom, and the only one with images.
const IMAGES_AT_ZOOM: u8 = 14;

/// The tile sets of the service: coverage, and map features.
const SETS: [&str; 4] = [
    "mly1_public",
    "mly1_computed_public",
    "mly_map_feature_point",
    "mly_map_feature_traffic_sign",
];

/// A tile of a set; the body is empty if the tile is.
pub fn answer(
    archive: &Snapshot,
    set: &str,
    (z, x, y): (u32, u32, u32),
    takes_gzip: bool,
) -> Result<Answer, Refusal> {
    if !SETS.contains(&set) {
        let text = format!("Not Found: tile set '{set}' is not served, but {}\n", SETS.join(", "));
        return Ok(Answer::new(404, "text/plain", text));
    }
    let tile =
        u8::try_from(z).ok().filter(|z| *z <= IMAGES_AT_ZOOM).and_then(|z| Tile::new(z, x, y));
    let plain = |bytes: Bytes| Ok(Answer::new(200, CONTENT_TYPE, bytes));
    let cache = match (set, tile) {
        ("mly1_public", Some(tile)) => CachedTile { archive, tile, is_computed: false },
        ("mly1_computed_public", Some(tile)) => CachedTile { archive, tile, is_computed: true },
        ("mly_map_feature_point", Some(tile)) => {
            return plain(features(&archive.index, tile, "point")?.into());
        }
        ("mly_map_feature_traffic_sign", Some(tile)) => {
            return plain(features(&archive.index, tile, "traffic_sign")?.into());
        }
        _ => return plain(Bytes::new()),
    };
    let plain = cache.plain()?;
    let tag = cache.kept(TileForm::Tag, || conditional::tag(&plain).into());
    let is_packed = takes_gzip && conditional::is_worth_packing(&plain);
    let body =
        if is_packed { cache.kept(TileForm::Gzip, || conditional::packed(&plain)) } else { plain };
    let answer = Answer::new(200, CONTENT_TYPE, body);
    let answer = answer.with("etag", String::from_utf8_lossy(&tag));
    Ok(if is_packed { answer.with("content-encoding", "gzip") } else { answer })
}

const CONTENT_TYPE: &str = "application/x-protobuf";

/// A tile whose bytes, compressed bytes and tag are computed once and cached.
struct CachedTile<'a> {
    archive: &'a Snapshot,
    tile: Tile,
    is_computed: bool,
}

impl CachedTile<'_> {
    fn plain(&self) -> io::Result<Bytes> {
        let key = (self.is_computed, self.tile, TileForm::Plain);
        if let Some(bytes) = self.archive.tiles.get(&key) {
            return Ok(bytes);
        }
        cached_io::ask()?;
        let bytes = Bytes::from(coverage(&self.archive.index, self.tile, self.is_computed)?);
        self.archive.tiles.put(key, bytes.clone());
        Ok(bytes)
    }

    fn kept(&self, form: TileForm, make: impl FnOnce() -> Bytes) -> Bytes {
        let key = (self.is_computed, self.tile, form);
        self.archive.tiles.get(&key).unwrap_or_else(|| {
            let bytes = make();
            self.archive.tiles.put(key, bytes.clone());
            bytes
        })
    }
}

/// Whether a tile or any below it may have content.
pub fn has_any(index: &Index, tile: Tile) -> io::Result<bool> {
    Ok(index.has_spot(tile)? || !index.sequences_in(&window(tile), false)?.is_empty())
}

#[cfg(test)]
mod tests;
