//! The map below the sequences, where the user gives one: a style of MapLibre, or tiles in a PMTiles file.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};

/// The name of the file in the page.
pub const FILE: &str = "base.pmtiles";

/// The name of a style that is a file.
pub const STYLE: &str = "style.json";

/// What lies below the sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseMap {
    /// The address of a style; it asks the hosts that it names.
    Address(String),
    /// A style in a file, which may name hosts, too.
    Style(PathBuf),
    Tiles(PathBuf),
}

/// Why a base map cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaseFault {
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("'{0}' is no PMTiles file of version 3")]
    NoTiles(String),
    #[error("'{0}' is not a map style, which is JSON with layers")]
    NoStyle(String),
}

impl BaseMap {
    /// What a word of the command line means: an address, a file of tiles, or a style.
    ///
    /// # Errors
    /// A file that cannot be read, or is none of these.
    pub fn read(word: &str) -> Result<BaseMap, BaseFault> {
        if word.starts_with("https://") || word.starts_with("http://") {
            return Ok(BaseMap::Address(word.to_owned()));
        }
        let path = PathBuf::from(word);
        let shown = || word.to_owned();
        if path.extension().is_some_and(|ending| ending == "json") {
            let text = open::text(&path).at_path(Action::Read, &path)?;
            let style: Option<Value> = serde_json::from_str(&text).ok();
            let is_style = style.is_some_and(|style| style["layers"].is_array());
            return if is_style {
                Ok(BaseMap::Style(path))
            } else {
                Err(BaseFault::NoStyle(shown()))
            };
        }
        tile_kind(&path)
            .at_path(Action::Read, &path)?
            .ok_or_else(|| BaseFault::NoTiles(shown()))?;
        Ok(BaseMap::Tiles(path))
    }

    /// As the page is told of it.
    pub fn describe(&self) -> Value {
        match self {
            BaseMap::Address(address) => json!({"style": address}),
            BaseMap::Style(_) => json!({"style": STYLE}),
            BaseMap::Tiles(path) => {
                let kind = tile_kind(path).ok().flatten().unwrap_or("vector");
                json!({"base": {"file": FILE, "type": kind}})
            }
        }
    }

    /// Whether it may ask hosts beyond this server.
    pub fn is_outside(&self) -> bool {
        !matches!(self, BaseMap::Tiles(_))
    }
}

/// Of vectors or of pixels, by the header (PMTiles, version 3, section 3: the type of tile is byte 99).
fn tile_kind(path: &Path) -> io::Result<Option<&'static str>> {
    let mut head = Vec::new();
    open::file(path)?.take(127).read_to_end(&mut head)?;
    let is_3 = head.len() == 127 && head.starts_with(b"PMTiles\x03");
    Ok(match head.get(99).filter(|_| is_3) {
        Some(1) => Some("vector"),
        Some(_) => Some("raster"),
        None => None,
    })
}

#[cfg(test)]
mod tests;
