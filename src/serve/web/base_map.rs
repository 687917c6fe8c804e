//! The base map, if the user gives one: a MapLibre style, or tiles in a PMTiles file.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::disk::open;
use crate::disk::{Action, AtPath, PathError};

/// The URL of the tiles within the page.
pub const FILE: &str = "base.pmtiles";

/// The URL of a style file within the page.
pub const STYLE: &str = "style.json";

/// The base map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseMap {
    /// The URL of a style; the page contacts the hosts that it names.
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
    /// Reads the value of the flag: a URL, a file of tiles, or a style.
    ///
    /// # Errors
    /// A file that cannot be read, or is neither tiles nor a style.
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

    /// The description of the base map for the page.
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

    /// Whether the page may contact hosts other than this server.
    pub fn is_outside(&self) -> bool {
        !matches!(self, BaseMap::Tiles(_))
    }
}

/// Vector or raster, by the header (PMTiles, version 3, section 3: the type of tile is byte 99).
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
