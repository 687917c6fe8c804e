//! Reads the coverage tiles of the service: the pictures of a tile of zoom 14, its sequences, and, at lower
//! zooms, which tiles below are not empty.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use crate::format::mvt::{Layer, Value};
use crate::row::{Columns, Field, Row};
use crate::service::{Client, Error, is_id};
use crate::value::geo::Position;
use crate::value::tile::Tile;

/// The tile set with the positions as recorded.
const SET: &str = "mly1_public";
/// The only zoom with individual pictures.
pub const ZOOM: u8 = 14;

/// A feature of a tile as a row, with its positions in the tile.
pub struct TileFeature {
    pub row: Row,
    pub places: Vec<Position>,
}

/// The bytes of a tile; empty if it has no features.
pub fn tile(client: &Client, tile: Tile) -> Result<Vec<u8>, Error> {
    client.tile(SET, tile.z(), tile.x(), tile.y())
}

/// The pictures of a tile of zoom 14. Points beyond its edge are left out, because the neighbouring tile has
/// them too. One without any point has no place.
pub fn images(layers: &[Layer<'_>], tile: Tile) -> Vec<TileFeature> {
    let images = layers.iter().filter(|layer| layer.name() == "image");
    images.flat_map(|layer| features(layer, tile, true)).collect()
}

/// The sequences that have a line in the tile. A sequence of one picture has none.
pub fn lines(layers: &[Layer<'_>], tile: Tile) -> Vec<TileFeature> {
    let lines = layers.iter().filter(|layer| layer.name() == "sequence");
    lines.flat_map(|layer| features(layer, tile, false)).collect()
}

fn features<'l>(
    layer: &'l Layer<'_>,
    tile: Tile,
    points: bool,
) -> impl Iterator<Item = TileFeature> + 'l {
    let extent = layer.extent();
    layer.features().filter_map(move |feature| {
        let own = |at: i32| !points || (0..extent as i32).contains(&at);
        let inside = feature.points().iter().filter(|point| own(point.0) && own(point.1));
        let places: Vec<Position> =
            inside.filter_map(|point| tile.position(point.0, point.1, extent)).collect();
        if points && places.is_empty() && !feature.points().is_empty() {
            return None;
        }
        let mut row = Row::new(Arc::clone(&COLUMNS));
        for (key, value) in feature.properties() {
            let is_readable = key != "id" || is_exact_id(&value);
            if let (Some(field), Some(text), true) = (field(key, points), text(value), is_readable)
            {
                row.set(field, &text);
            }
        }
        super::service_errors::clean(&mut row);
        Some(TileFeature { row, places })
    })
}

static COLUMNS: LazyLock<Arc<Columns>> = LazyLock::new(|| Columns::from_fields(&FIELDS));

/// The fields of a picture that a tile has, in the order of its columns.
pub const FIELDS: [Field; 7] = [
    Field::OrgId,
    Field::SeqId,
    Field::ImgId,
    Field::CreatorId,
    Field::CapturedAt,
    Field::CompassAngle,
    Field::IsPano,
];

/// The field of a property. `id` is the picture in one layer and the sequence in the other.
fn field(key: &str, points: bool) -> Option<Field> {
    Some(match (key, points) {
        ("id", true) | ("image_id", false) => Field::ImgId,
        ("sequence_id", true) | ("id", false) => Field::SeqId,
        ("organization_id", _) => Field::OrgId,
        ("creator_id", _) => Field::CreatorId,
        ("captured_at", _) => Field::CapturedAt,
        ("compass_angle", true) => Field::CompassAngle,
        ("is_pano", _) => Field::IsPano,
        _ => return None,
    })
}

/// Whether a feature's own id is one, with all of its digits.
fn is_exact_id(value: &Value<'_>) -> bool {
    match *value {
        Value::Text(text) => is_id(text.trim()),
        // Above these, not every whole number is one of the type (IEEE 754): digits may be lost.
        Value::Float(number) => is_whole(f64::from(number), 24),
        Value::Double(number) => is_whole(number, 53),
        Value::Int(number) | Value::Sint(number) => number >= 0,
        Value::Uint(_) => true,
        Value::Bool(_) => false,
    }
}

fn is_whole(number: f64, bits: i32) -> bool {
    number >= 0.0 && number.fract() == 0.0 && number <= 2f64.powi(bits)
}

/// Blank values are absent.
fn text(value: Value<'_>) -> Option<String> {
    let text = match value {
        Value::Text(text) => text.trim().to_string(),
        Value::Float(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Int(number) | Value::Sint(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// The tiles of zoom `z` inside this one that a feature of any layer touches.
pub fn filled(layers: &[Layer<'_>], tile: Tile, z: u8) -> Vec<Tile> {
    let mut found = BTreeSet::new();
    for layer in layers {
        let cell = (layer.extent() >> (z - tile.z()).min(16)).max(1) as i32;
        for feature in layer.features() {
            for part in feature.parts() {
                for pair in part.windows(2) {
                    along(pair[0], pair[1], cell, &mut found);
                }
            }
            found.extend(
                feature
                    .points()
                    .iter()
                    .map(|point| (point.0.div_euclid(cell), point.1.div_euclid(cell))),
            );
        }
    }
    let (shift, side) = (z - tile.z(), 1i32 << (z - tile.z()));
    let inside = found.into_iter().filter(|(x, y)| (0..side).contains(x) && (0..side).contains(y));
    let at = |(x, y): (i32, i32)| {
        Tile::new(z, (tile.x() << shift) + x as u32, (tile.y() << shift) + y as u32)
    };
    inside.filter_map(at).collect()
}

/// The cells that a line between two points crosses, sampled in steps of half a cell.
fn along(from: (i32, i32), to: (i32, i32), cell: i32, found: &mut BTreeSet<(i32, i32)>) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let steps = (dx.abs().max(dy.abs()) * 2 / cell).clamp(1, 4096);
    for step in 1..steps {
        let at = |start: i32, way: i32| {
            (start + way / steps * step + way % steps * step / steps).div_euclid(cell)
        };
        found.insert((at(from.0, dx), at(from.1, dy)));
    }
}

#[cfg(test)]
mod tests;
