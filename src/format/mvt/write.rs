//! Writes a vector tile of version 2: keys in alphabetical order, each value once.

use std::collections::{BTreeMap, HashMap};

use super::{
    GeometryType, Value,
    read::LocalPoint,
    wire::{put_bytes, put_number, put_varint, zigzag},
};

/// Gathers the features of one layer; the same features give the same bytes.
#[derive(Debug)]
pub struct LayerWriter {
    name: String,
    extent: u32,
    /// Names of properties, by the number that `features` know them by until the end.
    keys: BTreeMap<String, u32>,
    /// The numbers of values: of those that are no text by their type and bits, so that none is allocated.
    numbers: HashMap<(u8, u64), u32>,
    texts: HashMap<String, u32>,
    /// The values as they are encoded, in their order.
    values: Vec<u8>,
    values_len: u32,
    features: Vec<Record>,
}

#[derive(Debug)]
struct Record {
    id: Option<u64>,
    kind: GeometryType,
    geometry: Vec<u8>,
    tags: Vec<(u32, u32)>,
}

/// Puts layers together to a tile.
pub fn write(layers: impl IntoIterator<Item = LayerWriter>) -> Vec<u8> {
    let mut tile = Vec::new();
    for layer in layers {
        put_bytes(&mut tile, 3, &layer.finish());
    }
    tile
}

impl LayerWriter {
    pub fn new(name: impl Into<String>, extent: u32) -> Self {
        LayerWriter {
            name: name.into(),
            extent,
            keys: BTreeMap::new(),
            numbers: HashMap::new(),
            texts: HashMap::new(),
            values: Vec::new(),
            values_len: 0,
            features: Vec::new(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Adds a feature: points (in one part or several), lines, or rings without a closing point.
    pub fn feature(
        &mut self,
        id: Option<u64>,
        kind: GeometryType,
        parts: &[&[LocalPoint]],
        properties: &[(&str, Value<'_>)],
    ) {
        let tags =
            properties.iter().map(|&(key, value)| (self.key(key), self.value(value))).collect();
        self.features.push(Record { id, kind, geometry: encode_geometry(kind, parts), tags });
    }

    fn key(&mut self, key: &str) -> u32 {
        let next = self.keys.len() as u32;
        match self.keys.get(key) {
            Some(&number) => number,
            None => *self.keys.entry(key.to_owned()).or_insert(next),
        }
    }

    fn value(&mut self, value: Value<'_>) -> u32 {
        let next = self.values_len;
        let known = match value {
            Value::Text(text) => self.texts.get(text).copied().unwrap_or_else(|| {
                self.texts.insert(text.to_owned(), next);
                next
            }),
            Value::Float(it) => *self.numbers.entry((2, it.to_bits().into())).or_insert(next),
            Value::Double(it) => *self.numbers.entry((3, it.to_bits())).or_insert(next),
            Value::Int(it) => *self.numbers.entry((4, it as u64)).or_insert(next),
            Value::Uint(it) => *self.numbers.entry((5, it)).or_insert(next),
            Value::Sint(it) => *self.numbers.entry((6, it as u64)).or_insert(next),
            Value::Bool(it) => *self.numbers.entry((7, it.into())).or_insert(next),
        };
        if known == next {
            put_bytes(&mut self.values, 4, &encode_value(value));
            self.values_len += 1;
        }
        known
    }

    /// In the order that the service has: name, features, keys, values, extent, version.
    fn finish(self) -> Vec<u8> {
        let mut place_of = vec![0; self.keys.len()];
        for (place, &number) in self.keys.values().enumerate() {
            place_of[number as usize] = place as u32;
        }
        let mut layer = Vec::new();
        put_bytes(&mut layer, 1, self.name.as_bytes());
        let (mut tags, mut encoded) = (Vec::new(), Vec::new());
        for feature in self.features {
            tags.clear();
            encoded.clear();
            feature.encode(&place_of, &mut tags, &mut encoded);
            put_bytes(&mut layer, 2, &encoded);
        }
        self.keys.keys().for_each(|key| put_bytes(&mut layer, 3, key.as_bytes()));
        layer.extend_from_slice(&self.values);
        put_number(&mut layer, 5, self.extent.into());
        put_number(&mut layer, 15, 2);
        layer
    }
}

impl Record {
    /// Adds the feature to empty buffers, the same ones for each.
    fn encode(mut self, place_of: &[u32], tags: &mut Vec<u8>, feature: &mut Vec<u8>) {
        self.tags.iter_mut().for_each(|(key, _)| *key = place_of[*key as usize]);
        self.tags.sort_unstable();
        for (key, value) in self.tags {
            put_varint(tags, key.into());
            put_varint(tags, value.into());
        }
        if let Some(id) = self.id {
            put_number(feature, 1, id);
        }
        put_bytes(feature, 2, tags);
        put_number(feature, 3, self.kind as u64);
        put_bytes(feature, 4, &self.geometry);
    }
}

/// Section 4.3 of the specification: move, then draw, then close rings.
fn encode_geometry(kind: GeometryType, parts: &[&[LocalPoint]]) -> Vec<u8> {
    const MOVE: u64 = 1;
    const LINE: u64 = 2;
    const CLOSE: u64 = 7 | 1 << 3;
    let (mut out, mut pen) = (Vec::new(), (0, 0));
    let mut draw = |out: &mut Vec<u8>, command: u64, points: &[LocalPoint]| {
        if !points.is_empty() {
            put_varint(out, command | (points.len() as u64) << 3);
        }
        for &(x, y) in points {
            put_varint(out, zigzag(i64::from(x) - i64::from(pen.0)));
            put_varint(out, zigzag(i64::from(y) - i64::from(pen.1)));
            pen = (x, y);
        }
    };
    if matches!(kind, GeometryType::Points | GeometryType::Unknown) {
        draw(&mut out, MOVE, &parts.concat());
        return out;
    }
    for part in parts.iter().filter(|part| !part.is_empty()) {
        draw(&mut out, MOVE, &part[..1]);
        draw(&mut out, LINE, &part[1..]);
        if kind == GeometryType::Polygons {
            put_varint(&mut out, CLOSE);
        }
    }
    out
}

/// Section 4.4: one field, whose number is the type.
fn encode_value(value: Value<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        Value::Text(text) => put_bytes(&mut out, 1, text.as_bytes()),
        Value::Float(number) => {
            put_varint(&mut out, 2 << 3 | 5);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Double(number) => {
            put_varint(&mut out, 3 << 3 | 1);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Int(number) => put_number(&mut out, 4, number as u64),
        Value::Uint(number) => put_number(&mut out, 5, number),
        Value::Sint(number) => put_number(&mut out, 6, zigzag(number)),
        Value::Bool(yes) => put_number(&mut out, 7, yes.into()),
    }
    out
}
