//! The keys and values of a layer, each once.

use rustc_hash::FxHashMap;

use super::encode::encode_value;
use crate::format::mvt::{Value, wire::put_bytes};

/// Assigns an index to each key and each value, in order of occurrence.
#[derive(Debug, Default)]
pub(super) struct PropertyTable {
    /// The names of properties, of which there are few. Tags refer to them by these indexes until they are
    /// sorted at the end.
    keys: Vec<String>,
    /// The indexes of values that are not text, by type and bits, to avoid allocations.
    numbers: FxHashMap<(u8, u64), u32>,
    texts: FxHashMap<String, u32>,
    /// The encoded values, in order.
    values: Vec<u8>,
    values_len: u32,
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

impl PropertyTable {
    pub fn reserve(&mut self, features: usize) {
        self.numbers.reserve(2 * features);
        self.values.reserve(20 * features);
    }

    /// Appends the tags of a feature: the indexes of its keys and values.
    pub fn tag(&mut self, properties: &[(&str, Value<'_>)], tags: &mut Vec<(u32, u32)>) {
        self.last.resize_with(properties.len(), LastProperty::default);
        let mut last = std::mem::take(&mut self.last);
        for (&(key, value), last) in properties.iter().zip(&mut last) {
            let tag = (self.key(key, last.key), self.value_like(value, last));
            last.key = tag.0;
            tags.push(tag);
        }
        self.last = last;
    }

    /// Sorts the keys, and returns the new index of each.
    pub fn sort_keys(&mut self) -> Vec<u32> {
        let below = |key: &String| self.keys.iter().filter(|&other| other < key).count() as u32;
        let places = self.keys.iter().map(below).collect();
        self.keys.sort_unstable();
        places
    }

    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The values as fields of a layer.
    pub fn encoded_values(&self) -> &[u8] {
        &self.values
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

    /// The index of a value. Checked first against the value of the same property in the previous feature.
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
