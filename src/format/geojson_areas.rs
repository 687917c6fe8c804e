//! Reads areas from GeoJSON (RFC 7946): the polygons of any object, alone or in collections.
//!
//! Only areas are read: properties, points and lines are ignored or rejected.

use geo::{Coord, LineString, Polygon};
use serde_json::Value;

use crate::value::{self, area::Area};

/// The maximum depth of nested collections: real files have two or three levels.
const MAX_DEPTH: usize = 16;

/// The maximum longitude: a polygon across the antimeridian, in one piece, extends up to a full turn beyond it.
const MAX_LON_DEG: f64 = 540.0;

/// A fault in a GeoJSON text, and the part of the text where it is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("this is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the GeoJSON has no polygon")]
    NoPolygon,
    #[error("'{path}' is nested more than {MAX_DEPTH} collections deep")]
    TooDeep { path: String },
    #[error("'{}' {what}", subject(path))]
    Part { path: String, what: PartError },
}

/// A fault in an object.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PartError {
    #[error("has no {0}")]
    Lacks(&'static str),
    #[error("has the type '{0}', which GeoJSON does not know")]
    UnknownType(String),
    #[error("has a ring that is not a list")]
    RingNotAList,
    #[error("has a ring of {0} points, and a closed one has 4 or more")]
    ShortRing(usize),
    #[error("has the point '{0}', which is not [lon, lat]")]
    NotAPoint(String),
    #[error("has the point '{point}', which is not on the earth{}", if *is_swapped { ", latitude first?" } else { "" })]
    NotOnEarth { point: String, is_swapped: bool },
    #[error(transparent)]
    Polygon(#[from] value::Error),
}

fn subject(path: &str) -> &str {
    if path.is_empty() { "the GeoJSON" } else { path }
}

/// Reads the polygons of a Polygon, MultiPolygon, Feature, FeatureCollection or GeometryCollection.
///
/// # Errors
/// What is wrong and in which part of the text (`features[3].geometry`). A text without any polygon is also an error,
/// because an area of points is empty and never intended.
pub fn read_area(text: &str) -> Result<Area, Error> {
    let text = text.trim_start_matches('\u{feff}');
    let root: Value = serde_json::from_str(text)?;
    let mut area = Area::default();
    add_object(&mut area, &root, "", 0)?;
    if area.is_empty() { Err(Error::NoPolygon) } else { Ok(area) }
}

fn add_object(area: &mut Area, object: &Value, path: &str, depth: usize) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return Err(Error::TooDeep { path: path.to_string() });
    }
    let kind = object["type"].as_str().ok_or_else(|| fault(path, PartError::Lacks("type")))?;
    let mut each = |key: &'static str| {
        let list = object[key].as_array().ok_or_else(|| fault(path, PartError::Lacks(key)))?;
        list.iter().enumerate().try_for_each(|(n, member)| {
            add_object(area, member, &format!("{path}{}{key}[{n}]", dot(path)), depth + 1)
        })
    };
    match kind {
        "FeatureCollection" => each("features"),
        "GeometryCollection" => each("geometries"),
        // A feature without a geometry has null here (section 3.2).
        "Feature" if object["geometry"].is_null() => Ok(()),
        "Feature" => add_object(
            area,
            &object["geometry"],
            &format!("{path}{}geometry", dot(path)),
            depth + 1,
        ),
        "Polygon" => add_polygon(area, &object["coordinates"], path),
        "MultiPolygon" => {
            let list = object["coordinates"]
                .as_array()
                .ok_or_else(|| fault(path, PartError::Lacks("coordinates")))?;
            list.iter().try_for_each(|rings| add_polygon(area, rings, path))
        }
        "Point" | "MultiPoint" | "LineString" | "MultiLineString" => Ok(()),
        other => Err(fault(path, PartError::UnknownType(other.to_string()))),
    }
}

/// Section 3.1.6: the first ring is the outline, the others are holes.
fn add_polygon(area: &mut Area, rings: &Value, path: &str) -> Result<(), Error> {
    let rings = rings.as_array().ok_or_else(|| fault(path, PartError::Lacks("coordinates")))?;
    let mut rings = rings.iter().map(|ring| read_ring(ring, path));
    let Some(outline) = rings.next() else { return Ok(()) };
    let polygon = Polygon::new(outline?, rings.collect::<Result<_, _>>()?);
    area.add_polygon(polygon).map_err(|what| fault(path, what))
}

fn read_ring(ring: &Value, path: &str) -> Result<LineString, Error> {
    let points = ring.as_array().ok_or_else(|| fault(path, PartError::RingNotAList))?;
    if points.len() < 4 {
        return Err(fault(path, PartError::ShortRing(points.len())));
    }
    points.iter().map(|point| read_point(point, path)).collect()
}

fn read_point(point: &Value, path: &str) -> Result<Coord, Error> {
    let (Some(x), Some(y)) = (point[0].as_f64(), point[1].as_f64()) else {
        return Err(fault(path, PartError::NotAPoint(point.to_string())));
    };
    if x.abs() > MAX_LON_DEG || y.abs() > 90.0 {
        let is_swapped = x.abs() <= 90.0 && y.abs() <= 180.0;
        return Err(fault(path, PartError::NotOnEarth { point: point.to_string(), is_swapped }));
    }
    Ok(Coord { x, y })
}

fn fault(path: &str, what: impl Into<PartError>) -> Error {
    Error::Part { path: path.to_string(), what: what.into() }
}

fn dot(path: &str) -> &'static str {
    if path.is_empty() { "" } else { "." }
}

#[cfg(test)]
mod tests;
