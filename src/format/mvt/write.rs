//! Writes a version 2 vector tile: keys in alphabetical order, each value once.

mod encode;
mod property_table;

use encode::encode_geometry;
use property_table::PropertyTable;

use super::{
    GeometryType, Value,
    layer::LocalPoint,
    wire::{put_bytes, put_number, put_varint},
};

/// Collects the features of one layer; the same features give the same bytes.
#[derive(Debug)]
pub struct LayerWriter {
    name: String,
    extent: u32,
    properties: PropertyTable,
    features: Vec<Record>,
    /// The concatenated tags and geometries of all features.
    tags: Vec<(u32, u32)>,
    geometry: Vec<u8>,
}

/// A feature, whose tags and geometry end here and begin where those of the previous one end.
#[derive(Debug)]
struct Record {
    id: Option<u64>,
    kind: GeometryType,
    tags_end: usize,
    geometry_end: usize,
}

/// Joins layers into a tile.
pub fn write(layers: impl IntoIterator<Item = LayerWriter>) -> Vec<u8> {
    let layers: Vec<Vec<u8>> = layers.into_iter().map(LayerWriter::finish).collect();
    // A field has its number and its length before its bytes.
    let room = layers.iter().map(|layer| layer.len() + 16).sum();
    let mut tile = Vec::with_capacity(room);
    layers.iter().for_each(|layer| put_bytes(&mut tile, 3, layer));
    tile
}

impl LayerWriter {
    pub fn new(name: impl Into<String>, extent: u32) -> Self {
        LayerWriter {
            name: name.into(),
            extent,
            properties: PropertyTable::default(),
            features: Vec::new(),
            tags: Vec::new(),
            geometry: Vec::new(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Reserves space for n features, each a point with its own id and time.
    pub fn reserve(&mut self, features: usize) {
        self.features.reserve(features);
        self.properties.reserve(features);
        self.tags.reserve(6 * features);
        self.geometry.reserve(6 * features);
    }

    /// Adds a feature: points (in one or several parts), lines, or rings without a closing point.
    pub fn feature(
        &mut self,
        id: Option<u64>,
        kind: GeometryType,
        parts: &[&[LocalPoint]],
        properties: &[(&str, Value<'_>)],
    ) {
        self.properties.tag(properties, &mut self.tags);
        encode_geometry(kind, parts, &mut self.geometry);
        let (tags_end, geometry_end) = (self.tags.len(), self.geometry.len());
        self.features.push(Record { id, kind, tags_end, geometry_end });
    }

    /// In the field order of the service: name, features, keys, values, extent, version.
    fn finish(mut self) -> Vec<u8> {
        let place_of = self.properties.sort_keys();
        self.tags.iter_mut().for_each(|(key, _)| *key = place_of[*key as usize]);
        let mut layer =
            Vec::with_capacity(self.properties.encoded_values().len() + 64 * self.features.len());
        put_bytes(&mut layer, 1, self.name.as_bytes());
        let (mut tags_start, mut geometry_start) = (0, 0);
        let (mut encoded, mut feature) = (Vec::new(), Vec::new());
        for record in &self.features {
            let tags = &mut self.tags[tags_start..record.tags_end];
            tags.sort_unstable();
            encoded.clear();
            for &(key, value) in &*tags {
                put_varint(&mut encoded, key.into());
                put_varint(&mut encoded, value.into());
            }
            let geometry = &self.geometry[geometry_start..record.geometry_end];
            feature.clear();
            record.encode(&encoded, geometry, &mut feature);
            put_bytes(&mut layer, 2, &feature);
            (tags_start, geometry_start) = (record.tags_end, record.geometry_end);
        }
        self.properties.keys().iter().for_each(|key| put_bytes(&mut layer, 3, key.as_bytes()));
        layer.extend_from_slice(self.properties.encoded_values());
        put_number(&mut layer, 5, self.extent.into());
        put_number(&mut layer, 15, 2);
        layer
    }
}

impl Record {
    fn encode(&self, tags: &[u8], geometry: &[u8], feature: &mut Vec<u8>) {
        if let Some(id) = self.id {
            put_number(feature, 1, id);
        }
        put_bytes(feature, 2, tags);
        put_number(feature, 3, self.kind as u64);
        put_bytes(feature, 4, geometry);
    }
}
