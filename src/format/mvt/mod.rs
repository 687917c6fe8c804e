//! Mapbox vector tiles, version 2.1 of the specification: layers of features with properties.
//!
//! Not decompressed here: a body that is still gzip (magic 1f 8b) is left to the caller.

pub mod read;
pub mod write;

mod feature;
mod layer;
mod wire;

pub use feature::Feature;
pub use layer::{Layer, LocalPoint};
pub use read::read;
pub use write::{LayerWriter, write};

/// A property value as stored in the tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Text(&'a str),
    Float(f32),
    Double(f64),
    Int(i64),
    Uint(u64),
    Sint(i64),
    Bool(bool),
}

impl<'a> Value<'a> {
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A non-negative whole number, of any integer type. `None` for a double, which cannot hold an id.
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Value::Uint(number) => Some(number),
            Value::Int(number) | Value::Sint(number) => u64::try_from(number).ok(),
            _ => None,
        }
    }

    pub fn as_i64(self) -> Option<i64> {
        match self {
            Value::Uint(number) => i64::try_from(number).ok(),
            Value::Int(number) | Value::Sint(number) => Some(number),
            _ => None,
        }
    }

    pub fn as_f64(self) -> Option<f64> {
        match self {
            Value::Float(number) => Some(number.into()),
            Value::Double(number) => Some(number),
            Value::Uint(number) => Some(number as f64),
            Value::Int(number) | Value::Sint(number) => Some(number as f64),
            _ => None,
        }
    }

    pub fn as_bool(self) -> Option<bool> {
        match self {
            Value::Bool(yes) => Some(yes),
            _ => None,
        }
    }

    /// Some tiles have empty strings where a value was removed: those count as absent.
    fn is_blank(self) -> bool {
        self == Value::Text("")
    }
}

/// Section 4.3.4 of the specification: the type of a feature's geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryType {
    Unknown = 0,
    Points = 1,
    Lines = 2,
    /// Rings, each without its closing point.
    Polygons = 3,
}

#[cfg(test)]
mod tests;
