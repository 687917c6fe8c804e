//! The area of a detection, decoded from the vector tile of the service (the picture is one tile, y downward), and
//! converted from and to JSON. The detected class is not handled here.

mod json;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Malformed;
use super::mvt::{self, GeometryType, LayerWriter};
use crate::value::multi_polygon::{MultiPolygon, Ring};
use crate::value::shown::quoted;

pub use json::{Units, read_json, write_box, write_json};

/// Each ring is compared with every other, so their number is limited; real detections have a few dozen at
/// most.
const MOST_RINGS: usize = 2_000;

/// With or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text is not the area of a detection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{} is not a polygon", quoted(.0))]
    NotAPolygon(String),
    #[error("{} is not base64", quoted(.0))]
    NotBase64(String),
    #[error("no vector tile: {0}")]
    Tile(#[from] Malformed),
    #[error("{0} rings, and {MOST_RINGS} is the limit")]
    TooManyRings(usize),
    #[error("no polygon in its vector tile")]
    NoPolygon,
}

/// The area of a detection's `geometry`.
///
/// # Errors
/// Not base64, not a tile, or without a polygon.
pub fn read_geometry(text: &str) -> Result<MultiPolygon, Error> {
    let plain: String = text.split_whitespace().collect();
    let tile = BASE64.decode(plain).map_err(|_| Error::NotBase64(text.to_string()))?;
    read_tile(&tile)
}

/// Like [`read_geometry`], for the decoded tile.
///
/// # Errors
/// Not a tile, or without a polygon.
pub fn read_tile(tile: &[u8]) -> Result<MultiPolygon, Error> {
    let layers = mvt::read(tile)?;
    let (mut rings, mut is_wound) = (Vec::new(), true);
    for layer in &layers {
        // Version 1 of the specification does not define the direction of rings.
        is_wound &= layer.version() >= 2;
        let extent = f64::from(layer.extent());
        let scaled = |&(x, y): &(i32, i32)| [f64::from(x) / extent, f64::from(y) / extent];
        let polygons = layer.features().filter(|feature| feature.kind() == GeometryType::Polygons);
        for part in polygons.flat_map(|feature| feature.parts()) {
            rings.push(part.iter().map(scaled).collect::<Ring>());
        }
    }
    if rings.len() > MOST_RINGS {
        return Err(Error::TooManyRings(rings.len()));
    }
    let area = MultiPolygon::from_rings(rings, is_wound);
    if area.is_empty() { Err(Error::NoPolygon) } else { Ok(area) }
}

/// The extent used by the service.
const EXTENT: u32 = 4096;

/// The area as the service returns it, rounded to whole tile units.
pub fn write_geometry(area: &MultiPolygon) -> String {
    let unit = |part: f64| (part * f64::from(EXTENT)).round() as i32;
    let ring = |(at, ring): (usize, &Ring)| -> Vec<(i32, i32)> {
        let mut ring: Vec<_> = ring.iter().map(|&[x, y]| (unit(x), unit(y))).collect();
        // Section 4.3.3.3 of the specification: outer rings are clockwise (y downward), holes counterclockwise.
        if is_clockwise(&ring) != (at == 0) {
            ring.reverse();
        }
        ring
    };
    let polygons = area.polygons().iter();
    let rings: Vec<_> = polygons.flat_map(|rings| rings.iter().enumerate().map(ring)).collect();
    let rings: Vec<&[(i32, i32)]> = rings.iter().map(Vec::as_slice).collect();
    let mut layer = LayerWriter::new("mpy-or", EXTENT);
    layer.feature(Some(1), GeometryType::Polygons, &rings, &[]);
    BASE64.encode(mvt::write([layer]))
}

fn is_clockwise(ring: &[(i32, i32)]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let turns = ring.iter().zip(next).map(|(&(x, y), &(to_x, to_y))| {
        i64::from(x) * i64::from(to_y) - i64::from(to_x) * i64::from(y)
    });
    turns.sum::<i64>() > 0
}

#[cfg(test)]
mod tests;
