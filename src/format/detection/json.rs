//! The area of a detection as JSON: the coordinates of a GeoJSON MultiPolygon, as fractions from 0 to 1 or in pixels. A
//! single polygon or ring is also accepted.

use std::fmt::Write;

use serde_json::Value;

use super::Error;
use crate::value::multi_polygon::{Bounds, MultiPolygon, Point, Ring};

/// The unit of the coordinates of a polygon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Units {
    /// Fractions of the picture.
    Parts,
    /// Pixels of a picture of this size, y upward from its lower edge, as in gchoumos/mapillary.
    PixelsUpward(f64, f64),
}

/// Reads what [`write_json`] writes, and single rings or polygons.
///
/// # Errors
/// If the text has another format.
pub fn read_json(text: &str, units: Units) -> Result<MultiPolygon, Error> {
    let wrong = || Error::NotAPolygon(text.to_string());
    let value: Value = serde_json::from_str(text).map_err(|_| wrong())?;
    let area = match depth(&value) {
        2 => vec![vec![ring(&value, units).ok_or_else(wrong)?]],
        3 => vec![polygon(&value, units).ok_or_else(wrong)?],
        4 => {
            let polygons = value.as_array().ok_or_else(wrong)?.iter();
            let polygons: Option<Vec<_>> = polygons.map(|it| polygon(it, units)).collect();
            polygons.ok_or_else(wrong)?
        }
        _ => return Err(wrong()),
    };
    Ok(MultiPolygon::new(area))
}

/// The number of lists around the first number.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.first().map_or(0, depth),
        _ => 0,
    }
}

fn polygon(value: &Value, units: Units) -> Option<Vec<Ring>> {
    value.as_array()?.iter().map(|it| ring(it, units)).collect()
}

fn ring(value: &Value, units: Units) -> Option<Ring> {
    value.as_array()?.iter().map(|it| point(it, units)).collect()
}

fn point(value: &Value, units: Units) -> Option<Point> {
    let [x, y] = &value.as_array()?[..] else { return None };
    let (x, y) = (x.as_f64()?, y.as_f64()?);
    Some(match units {
        Units::Parts => [x, y],
        Units::PixelsUpward(width, height) => [x / width, 1.0 - y / height],
    })
}

/// Writes an area as JSON; each ring repeats its first point at the end. With a size, coordinates are pixels, rounded
/// to hundredths.
pub fn write_json(area: &MultiPolygon, size: Option<(f64, f64)>) -> String {
    let ring = |ring: &Ring| {
        let mut text = String::from("[");
        for point in ring.iter().chain(ring.first()) {
            let between = if text.len() > 1 { "," } else { "" };
            let [x, y] = scaled(*point, size);
            write!(text, "{between}[{x},{y}]").expect("a string takes all");
        }
        text + "]"
    };
    let list = |parts: Vec<String>| format!("[{}]", parts.join(","));
    list(area.polygons().iter().map(|rings| list(rings.iter().map(ring).collect())).collect())
}

/// The corners of a box as JSON: left, top, right, bottom.
pub fn write_box(bounds: Bounds, size: Option<(f64, f64)>) -> String {
    let [left, top] = scaled([bounds.left, bounds.top], size);
    let [right, bottom] = scaled([bounds.right, bounds.bottom], size);
    format!("[{left},{top},{right},{bottom}]")
}

/// Rounds fractions to twelve digits, because an extent of 4096 needs twelve to be exact; points clipped at the
/// edge may need more.
fn scaled([x, y]: Point, size: Option<(f64, f64)>) -> Point {
    let (digits, (width, height)) = size.map_or((1e12, (1.0, 1.0)), |size| (1e2, size));
    [x * width, y * height].map(|number| (number * digits).round() / digits)
}

#[cfg(test)]
mod tests;
