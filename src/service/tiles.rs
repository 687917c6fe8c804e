//! The bytes of vector tiles.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use reqwest::Url;

use crate::format::mvt;

use super::classify::ResponseClass;
use super::client::Client;
use super::error::Error;
use super::no_answer::NoAnswer;
use super::request::Ask;
use super::request::Request;

/// Tiles of dense centres were seen up to about 10 MB; a body several times larger is not a tile.
const MOST_TILE_BYTES: u64 = 64 << 20;

impl Client {
    /// A tile of a set such as `mly1_public`, unpacked; empty if the tile has no data.
    pub fn tile(&self, set: &str, z: u8, x: u32, y: u32) -> Result<Vec<u8>, Error> {
        let what = format!("tile {z}/{x}/{y}");
        let path = format!("/maps/vtp/{set}/2/{z}/{x}/{y}");
        let ask = Ask::new(Request::Tile, join(&self.tiles, &path), MOST_TILE_BYTES);
        match self.ask(&ask, whole_tile)? {
            Ok(tile) => Ok(tile),
            Err(ResponseClass::MaybeEmpty) => Ok(Vec::new()),
            Err(verdict) => Err(self.error(&what, &verdict)),
        }
    }
}

/// The endpoint with a path appended to its own.
pub(super) fn join(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

/// The unpacked tile, if it can be parsed: a truncated body is worth a retry.
fn whole_tile(body: Vec<u8>) -> Result<Vec<u8>, NoAnswer> {
    let tile = unpack(body)?;
    mvt::read(&tile)?;
    Ok(tile)
}

/// Some bodies are gzip without a header that announces it (RFC 1952, section 2.3.1: magic 1f 8b).
fn unpack(body: Vec<u8>) -> Result<Vec<u8>, NoAnswer> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut tile = Vec::new();
    let mut limited = MultiGzDecoder::new(body.as_slice()).take(MOST_TILE_BYTES + 1);
    limited.read_to_end(&mut tile).map_err(|e| NoAnswer::Gzip(e.to_string()))?;
    if tile.len() as u64 > MOST_TILE_BYTES {
        Err(NoAnswer::UnpacksTooLong(MOST_TILE_BYTES))
    } else {
        Ok(tile)
    }
}

#[cfg(test)]
mod tests;
