//! Encodes geometries and values for a tile.

use crate::format::mvt::{
    GeometryType, Value,
    layer::LocalPoint,
    wire::{put_bytes, put_number, put_varint, zigzag},
};

/// Encodes the commands (section 4.3 of the specification): move, then draw, then close rings.
pub(super) fn encode_geometry(kind: GeometryType, parts: &[&[LocalPoint]], out: &mut Vec<u8>) {
    const MOVE: u64 = 1;
    const LINE: u64 = 2;
    const CLOSE: u64 = 7 | 1 << 3;
    let mut pen = (0, 0);
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
        match parts {
            [points] => draw(out, MOVE, points),
            _ => draw(out, MOVE, &parts.concat()),
        }
        return;
    }
    for part in parts.iter().filter(|part| !part.is_empty()) {
        draw(out, MOVE, &part[..1]);
        draw(out, LINE, &part[1..]);
        if kind == GeometryType::Polygons {
            put_varint(out, CLOSE);
        }
    }
}

/// Encodes a value as one field, whose number is the type (section 4.4).
pub(super) fn encode_value(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) => put_bytes(out, 1, text.as_bytes()),
        Value::Float(number) => {
            put_varint(out, 2 << 3 | 5);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Double(number) => {
            put_varint(out, 3 << 3 | 1);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::Int(number) => put_number(out, 4, number as u64),
        Value::Uint(number) => put_number(out, 5, number),
        Value::Sint(number) => put_number(out, 6, zigzag(number)),
        Value::Bool(yes) => put_number(out, 7, yes.into()),
    }
}

#[cfg(test)]
mod tests;
