//! Parsers and writers of external formats. Nothing here uses paths, sockets or the clock.

use std::fmt;

// Mapbox vector tiles.
pub mod mvt;

// The area of a detection, as vector tile and as JSON.
pub mod detection;

// Areas as GeoJSON.
pub mod geojson_areas;

// The parsed content of a track file.
pub mod parsed_track;

// Tracks in any known format and compression.
pub mod track;

// Tracks as GPX.
pub mod gpx;

// Tracks as NMEA 0183.
pub mod nmea;

/// The location of a fault in external data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorLocation {
    /// Counted from 0, from the start of the given bytes.
    Byte(u64),
    /// Counted from 1.
    Line(u64),
    /// Entry of a list, counted from 1.
    Entry(u64),
}

/// A fault in external data, and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    pub at: ErrorLocation,
    /// Lower case, no full stop, including what was found.
    pub what: String,
}

impl Malformed {
    pub fn at_byte(at: usize, what: impl Into<String>) -> Self {
        Malformed { at: ErrorLocation::Byte(at as u64), what: what.into() }
    }

    pub fn at_line(line: u64, what: impl Into<String>) -> Self {
        Malformed { at: ErrorLocation::Line(line), what: what.into() }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            ErrorLocation::Byte(at) => write!(f, "{} at byte {at}", self.what),
            ErrorLocation::Line(line) => write!(f, "{} in line {line}", self.what),
            ErrorLocation::Entry(number) => write!(f, "{} in entry {number}", self.what),
        }
    }
}

impl std::error::Error for Malformed {}

pub mod completeness;
pub mod description;
pub mod exif;
pub mod heif;
pub mod ini;
pub mod jpeg;
pub mod metadata_container;
pub mod picture;
pub mod pixel_comparison;
pub mod pmtiles;
pub mod png;
pub mod source;
pub mod tar;
pub mod thumbnail;
pub mod transcode;
pub mod webp;
mod webp_encoder;
pub mod xmp;
