//! The web page's files, embedded in the program: our own as they are, the libraries compressed
//! (`scripts/lib/vendor-web`).

use std::io::{self, Read};

use flate2::read::GzDecoder;

/// A file of the page.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    pub name: &'static str,
    pub bytes: &'static [u8],
    pub is_gzip: bool,
}

macro_rules! own {
    ($name:literal) => {
        Asset {
            name: $name,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/", $name)),
            is_gzip: false,
        }
    };
}

macro_rules! vendored {
    ($name:literal) => {
        Asset {
            name: concat!("vendor/", $name),
            bytes: include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/web/vendor/",
                $name,
                ".gz"
            )),
            is_gzip: true,
        }
    };
}

pub const ASSETS: [Asset; 17] = [
    own!("index.html"),
    own!("icon.svg"),
    own!("app.css"),
    own!("app.js"),
    own!("base.js"),
    own!("facts.js"),
    own!("link.js"),
    own!("map.js"),
    own!("provider.js"),
    own!("server.js"),
    own!("static.js"),
    vendored!("LICENCES.txt"),
    vendored!("mapillary.css"),
    vendored!("mapillary.js"),
    vendored!("maplibre-gl.css"),
    vendored!("maplibre-gl.js"),
    vendored!("pmtiles.js"),
];

impl Asset {
    /// The file with this name; the name of the page itself is empty.
    pub fn named(name: &str) -> Option<Asset> {
        let name = if name.is_empty() { "index.html" } else { name };
        ASSETS.into_iter().find(|asset| asset.name == name)
    }

    /// Its uncompressed bytes.
    pub fn unpacked(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.is_gzip {
            GzDecoder::new(self.bytes).read_to_end(&mut bytes)?;
        } else {
            bytes.extend(self.bytes);
        }
        Ok(bytes)
    }

    pub fn content_type(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests;
