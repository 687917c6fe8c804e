//! The layers of map features: traffic signs, and all others.

use std::io;

use crate::disk::cached_io;
use crate::format::mvt::{self, GeometryType, LayerWriter, Value};
use crate::value::tile::Tile;

use super::super::index::Index;
use super::super::index::z_order::EXTENT;
use super::super::{record, selectors};
use super::IMAGES_AT_ZOOM;
use super::layers::{Properties, add, point, push_number};

/// The map features in a tile of the deepest zoom, signs or all others, by the name of their layer.
pub(super) fn features(index: &Index, tile: Tile, layer: &'static str) -> io::Result<Vec<u8>> {
    cached_io::ask()?;
    let (mut out, mut count) = (LayerWriter::new(layer, EXTENT), 0);
    if tile.z() != IMAGES_AT_ZOOM {
        return Ok(Vec::new());
    }
    for (spot, feature) in index.features_in(tile)? {
        let held = record::fields_of(&feature.text);
        let said = |name: &str| held.get(name).and_then(|raw| record::text(raw));
        let is_sign = said("object_type").as_deref() == Some("trafficsign");
        if is_sign != (layer == "traffic_sign") {
            continue;
        }
        let mut properties = Properties::new();
        push_number(&mut properties, "id", Some(&feature.id));
        let value = said("object_value");
        properties.extend(value.as_deref().map(|value| ("value", Value::Text(value))));
        for name in ["first_seen_at", "last_seen_at"] {
            let seen = said(name).and_then(|text| selectors::read_instant_ms(&text));
            properties.extend(seen.map(|ms| (name, Value::Int(ms))));
        }
        add(&mut out, &mut count, GeometryType::Points, &[&[point(tile, &spot)]], &properties);
    }
    Ok(if count == 0 { Vec::new() } else { mvt::write(vec![out]) })
}
