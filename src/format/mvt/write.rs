//! Writes a version 2 vector tile: keys in alphabetical order, each value once.

mod encode;

use rustc_hash::FxHashMap;

use encode::{encode_geometry, encode_value};

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
    /// Names of properties, of which there are few; `tags` refers to them by these indexes until the end.
    keys: Vec<String>,
    /// The indexes of values that are not text, by type and bits, to avoid allocations.
    numbers: FxHashMap<(u8, u64), u32>,
    texts: FxHashMap<String, u32>,
    /// The encoded values, in order.
    values: Vec<u8>,
    values_len: u32,
    features: Vec<Record>,
    /// The concatenated tags and geometries of all features.
    tags: Vec<(u32, u32)>,
    geometry: Vec<u8>,
    scratch: Vec<u8>,
    /// The properties of the previous feature, in order: most are the same in the next one.
    last: Vec<LastProperty>,
}

/// A property of the previous feature, with the indexes of its key and its value.
#[derive(Debug, Default)]
struct LastProperty {
    key: u32,
    value: u32,
    /// The value: type and bits, or text.
    bits: Option<(u8, u64)>,
    text: String,
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
            keys: Vec::new(),
            numbers: FxHashMap::default(),
            texts: FxHashMap::default(),
            values: Vec::new(),
            values_len: 0,
            features: Vec::new(),
            tags: Vec::new(),
            geometry: Vec::new(),
            scratch: Vec::new(),
            last: Vec::new(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Reserves space for n features, each a point with its own id and time.
    pub fn reserve(&mut self, features: usize) {
        self.features.reserve(features);
        self.numbers.reserve(2 * features);
        self.tags.reserve(6 * features);
        self.values.reserve(20 * features);
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
        self.last.resize_with(properties.len(), LastProperty::default);
        let mut last = std::mem::take(&mut self.last);
        for (&(key, value), last) in properties.iter().zip(&mut last) {
            let tag = (self.key(key, last.key), self.value_like(value, last));
            last.key = tag.0;
            self.tags.push(tag);
        }
        self.last = last;
        encode_geometry(kind, parts, &mut self.geometry);
        let (tags_end, geometry_end) = (self.tags.len(), self.geometry.len());
        self.features.push(Record { id, kind, tags_end, geometry_end });
    }

    /// The index of a key, which is probably `guess`.
    fn key(&mut self, key: &str, guess: u32) -> u32 {
        if self.keys.get(guess as usize).is_some_and(|guessed| guessed == key) {
            return guess;
        }
        let known = self.keys.iter().position(|other| other == key);
        known.unwrap_or_else(|| {
            self.keys.push(key.to_owned());
            self.keys.len() - 1
        }) as u32
    }

    /// The index of a value, which may be the same as the last one.
    fn value_like(&mut self, value: Value<'_>, last: &mut LastProperty) -> u32 {
        let bits = bits_of(value);
        let is_last = match value {
            Value::Text(text) => last.bits.is_none() && last.text == text && !text.is_empty(),
            _ => last.bits == bits,
        };
        if !is_last {
            last.value = self.value(value, bits);
            last.bits = bits;
            last.text.clear();
            last.text.push_str(value.as_str().unwrap_or_default());
        }
        last.value
    }

    fn value(&mut self, value: Value<'_>, bits: Option<(u8, u64)>) -> u32 {
        let next = self.values_len;
        let known = match (value, bits) {
            (_, Some(bits)) => *self.numbers.entry(bits).or_insert(next),
            (value, None) => {
                let text = value.as_str().unwrap_or_default();
                self.texts.get(text).copied().unwrap_or_else(|| {
                    self.texts.insert(text.to_owned(), next);
                    next
                })
            }
        };
        if known == next {
            self.scratch.clear();
            encode_value(value, &mut self.scratch);
            put_bytes(&mut self.values, 4, &self.scratch);
            self.values_len += 1;
        }
        known
    }

    /// In the field order of the service: name, features, keys, values, extent, version.
    fn finish(mut self) -> Vec<u8> {
        let place_of = places(&self.keys);
        self.tags.iter_mut().for_each(|(key, _)| *key = place_of[*key as usize]);
        let mut layer = Vec::with_capacity(self.values.len() + 64 * self.features.len());
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
        self.keys.sort_unstable();
        self.keys.iter().for_each(|key| put_bytes(&mut layer, 3, key.as_bytes()));
        layer.extend_from_slice(&self.values);
        put_number(&mut layer, 5, self.extent.into());
        put_number(&mut layer, 15, 2);
        layer
    }
}

/// What identifies a value that is not text: its type (section 4.4) and its bits.
fn bits_of(value: Value<'_>) -> Option<(u8, u64)> {
    Some(match value {
        Value::Text(_) => return None,
        Value::Float(it) => (2, it.to_bits().into()),
        Value::Double(it) => (3, it.to_bits()),
        Value::Int(it) => (4, it as u64),
        Value::Uint(it) => (5, it),
        Value::Sint(it) => (6, it as u64),
        Value::Bool(it) => (7, it.into()),
    })
}

/// The position of each key after sorting.
fn places(keys: &[String]) -> Vec<u32> {
    let below = |key: &String| keys.iter().filter(|&other| other < key).count() as u32;
    keys.iter().map(below).collect()
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
