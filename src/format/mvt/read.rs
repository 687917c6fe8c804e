//! Reads a vector tile. Everything is checked before the first feature is returned.

use super::layer::{Layer, Record};
use super::{
    GeometryType, Value,
    wire::{Field, Reader, unzigzag},
};
use crate::format::Malformed;

/// The maximum length. The densest coverage tile seen, with 31,261 images, has 954 KB. The decoded form takes
/// at most about thirty times as much memory, which this also limits.
const MAX_BYTES: usize = 64 << 20;

/// Reads the layers of a tile. Empty input is a tile without layers.
///
/// # Errors
/// Anything that the specification does not allow, with the byte offset. A partial tile is never returned, because
/// missing data would look like absent data.
pub fn read(bytes: &[u8]) -> Result<Vec<Layer<'_>>, Malformed> {
    if bytes.len() > MAX_BYTES {
        let what = format!("the tile has {} bytes, and {MAX_BYTES} is the limit", bytes.len());
        return Err(Malformed::at_byte(MAX_BYTES, what));
    }
    let mut message = Reader::new(bytes);
    let mut layers = Vec::new();
    while let Some((number, field)) = message.field()? {
        match (number, field) {
            (3, Field::Bytes(layer)) => layers.push(Layer::read(layer)?),
            // Extensions are allowed from 16 on (section 4, `extensions 16 to 8191`).
            (16..=8191, _) => {}
            _ => return Err(message.fault(format!("a tile has no such field {number}"))),
        }
    }
    Ok(layers)
}

impl<'a> Layer<'a> {
    fn read(mut message: Reader<'a>) -> Result<Self, Malformed> {
        let mut layer = Layer::nameless();
        let mut features = Vec::new();
        let (mut name, start) = (None, message);
        while let Some((number, field)) = message.field()? {
            match (number, field) {
                (1, Field::Bytes(text)) => name = Some(text.text()?),
                (2, Field::Bytes(feature)) => features.push(feature),
                (3, Field::Bytes(key)) => layer.keys.push(key.text()?),
                (4, Field::Bytes(value)) => layer.values.push(read_value(value)?),
                (5, Field::Varint(extent)) => layer.extent = checked_extent(extent, &message)?,
                (15, Field::Varint(version)) => layer.version = checked_version(version, &message)?,
                (1..=5 | 15, _) => {
                    return Err(message.fault(format!("field {number} has a wrong type")));
                }
                _ => {}
            }
        }
        layer.name = name.ok_or_else(|| start.fault("the layer has no name"))?;
        // Keys and values may come after the features that refer to them.
        layer.features.reserve(features.len());
        features.into_iter().try_for_each(|feature| layer.read_feature(feature))?;
        Ok(layer)
    }

    fn read_feature(&mut self, mut message: Reader<'a>) -> Result<(), Malformed> {
        let (mut id, mut kind, mut geometry) = (None, GeometryType::Unknown, None);
        while let Some((number, field)) = message.field()? {
            match (number, field) {
                (1, Field::Varint(number)) => id = Some(number),
                (2, Field::Bytes(tags)) => self.read_tags(tags)?,
                (3, Field::Varint(number)) => kind = read_kind(number, &message)?,
                // Parts of a packed list could be joined, but no writer cuts it.
                (4, Field::Bytes(_)) if geometry.is_some() => {
                    return Err(message.fault("a feature has two geometries"));
                }
                (4, Field::Bytes(commands)) => geometry = Some(commands),
                (1..=4, _) => return Err(message.fault(format!("field {number} has a wrong type"))),
                _ => {}
            }
        }
        if let Some(commands) = geometry {
            self.read_geometry(commands)?;
        }
        self.features.push(Record {
            id,
            kind,
            points_end: self.points.len() as u32,
            parts_end: self.part_ends.len() as u32,
            tags_end: self.tags.len() as u32,
        });
        Ok(())
    }

    fn read_tags(&mut self, mut tags: Reader<'a>) -> Result<(), Malformed> {
        while !tags.is_done() {
            let (key, value) = (tags.varint_u32()?, tags.varint_u32()?);
            if key as usize >= self.keys.len() || value as usize >= self.values.len() {
                let what = format!("a property points at key {key} and value {value}");
                let there = format!("{} keys and {} values", self.keys.len(), self.values.len());
                return Err(tags.fault(format!("{what}, and there are {there}")));
            }
            self.tags.push((key, value));
        }
        Ok(())
    }

    /// Section 4.3: a command has its id in the lowest three bits and its count above them.
    fn read_geometry(&mut self, mut commands: Reader<'a>) -> Result<(), Malformed> {
        let (mut pen, start) = ((0i32, 0i32), self.points.len());
        let mut part_start = start;
        while !commands.is_done() {
            let command = commands.varint_u32()?;
            let count = command >> 3;
            match command & 7 {
                1 if self.points.len() > part_start => {
                    self.part_ends.push(self.points.len() as u32);
                    part_start = self.points.len();
                }
                1 => {}
                2 if self.points.len() == part_start => {
                    return Err(commands.fault("a line continues before it begins"));
                }
                2 => {}
                // Closing a ring adds no point.
                7 => continue,
                other => return Err(commands.fault(format!("no drawing command is {other}"))),
            }
            // A point takes at least two bytes, so a larger count is invalid.
            if count as usize > commands.left() / 2 {
                let what = format!("{count} points where {} bytes are left", commands.left());
                return Err(commands.fault(what));
            }
            for _ in 0..count {
                pen = (moved(pen.0, &mut commands)?, moved(pen.1, &mut commands)?);
                self.points.push(pen);
            }
        }
        if self.points.len() > part_start {
            self.part_ends.push(self.points.len() as u32);
        }
        Ok(())
    }
}

/// Section 4.4. An empty message counts as blank, because some writers encode null this way.
fn read_value(mut message: Reader<'_>) -> Result<Value<'_>, Malformed> {
    let mut value = Value::Text("");
    while let Some((number, field)) = message.field()? {
        value = match (number, field) {
            (1, Field::Bytes(text)) => Value::Text(text.text()?),
            (2, Field::Fixed32(bits)) => Value::Float(f32::from_le_bytes(bits)),
            (3, Field::Fixed64(bits)) => Value::Double(f64::from_le_bytes(bits)),
            (4, Field::Varint(number)) => Value::Int(number as i64),
            (5, Field::Varint(number)) => Value::Uint(number),
            (6, Field::Varint(number)) => Value::Sint(unzigzag(number)),
            (7, Field::Varint(number)) => Value::Bool(number != 0),
            _ => return Err(message.fault(format!("a value has no such field {number}"))),
        };
    }
    Ok(value)
}

fn read_kind(number: u64, message: &Reader<'_>) -> Result<GeometryType, Malformed> {
    match number {
        0 => Ok(GeometryType::Unknown),
        1 => Ok(GeometryType::Points),
        2 => Ok(GeometryType::Lines),
        3 => Ok(GeometryType::Polygons),
        other => Err(message.fault(format!("no geometry has the type {other}"))),
    }
}

fn checked_extent(extent: u64, message: &Reader<'_>) -> Result<u32, Malformed> {
    let fits = u32::try_from(extent).ok().filter(|&extent| extent > 0);
    fits.ok_or_else(|| message.fault(format!("the extent is {extent}")))
}

fn checked_version(version: u64, message: &Reader<'_>) -> Result<u32, Malformed> {
    match version {
        1 | 2 => Ok(version as u32),
        _ => Err(message.fault(format!("the layer has version {version}, and 1 and 2 are known"))),
    }
}

/// Section 4.3.2: coordinates are relative to the previous point.
fn moved(from: i32, commands: &mut Reader<'_>) -> Result<i32, Malformed> {
    let step = unzigzag(commands.varint_u32()?.into()) as i32;
    from.checked_add(step).ok_or_else(|| commands.fault("a coordinate does not fit in 32 bits"))
}

#[cfg(test)]
mod tests;
