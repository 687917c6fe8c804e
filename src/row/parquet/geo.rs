//! What GeoParquet 1.1 adds to a table: a point for each row, a box around it by which readers skip row
//! groups, and words in the footer that say so (<https://geoparquet.org/releases/v1.1.0/>).

use serde_json::{Map, Value, json};

use super::Error;
use crate::row::{Column, Field};
use crate::value::geo::Position;

/// The key of the footer that makes Parquet GeoParquet.
pub const KEY: &str = "geo";

/// The two columns, and what all points are in.
pub struct Geo {
    pub geometry: String,
    pub bbox: String,
    around: Option<[f64; 4]>,
}

/// The leaves of a box, in their order.
pub const SIDES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

impl Geo {
    /// # Errors
    /// Rows without a place.
    pub fn new(header: &[Column]) -> Result<Geo, Error> {
        for field in [Field::Lon, Field::Lat] {
            if !header.iter().any(|column| column.field == Some(field)) {
                return Err(Error::NoPlace(field.flat()));
            }
        }
        let (geometry, bbox) = (free("geometry", header), free("bbox", header));
        Ok(Geo { geometry, bbox, around: None })
    }

    pub fn add(&mut self, place: Position) {
        let (x, y) = (place.lon_deg(), place.lat_deg());
        let [left, lower, right, upper] = self.around.unwrap_or([x, y, x, y]);
        self.around = Some([left.min(x), lower.min(y), right.max(x), upper.max(y)]);
    }

    /// The value of the key. No reference system is named, which means longitude and latitude.
    pub fn words(&self) -> String {
        let sides = SIDES.map(|side| (side.to_string(), json!([self.bbox, side])));
        let covering = Map::from_iter(sides);
        let mut column = json!({
            "encoding": "WKB", "geometry_types": ["Point"], "covering": { "bbox": covering },
        });
        if let Some(around) = self.around {
            column["bbox"] = json!(around);
        }
        let mut columns = Map::new();
        columns.insert(self.geometry.clone(), column);
        json!({ "version": "1.1.0", "primary_column": self.geometry, "columns": columns })
            .to_string()
    }
}

/// A name that no column has: rows may have a geometry that is more than a point.
fn free(name: &str, header: &[Column]) -> String {
    let is_free = |name: &String| header.iter().all(|column| *column.name != **name);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    [name.to_string()].into_iter().chain(numbered).find(is_free).unwrap_or_default()
}

/// What the footer of a file says of its columns.
#[derive(Default)]
pub struct Found {
    pub geometries: Vec<Geometry>,
    /// Columns that only repeat others.
    pub coverings: Vec<String>,
}

/// One column with geometries in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    pub name: String,
    pub is_primary: bool,
    /// Whether all are points of two coordinates.
    pub is_flat: bool,
    /// The reference system, where that is not longitude and latitude.
    pub crs: Option<String>,
}

impl Found {
    /// Words of others, of which what cannot be understood says nothing.
    pub fn read(words: &str) -> Found {
        let words: Value = serde_json::from_str(words).unwrap_or_default();
        let primary = words["primary_column"].as_str();
        let mut found = Found::default();
        for (name, column) in words["columns"].as_object().into_iter().flatten() {
            let types = column["geometry_types"].as_array();
            found.geometries.push(Geometry {
                name: name.clone(),
                is_primary: primary == Some(name),
                is_flat: types.is_some_and(|types| types.iter().eq(["Point"])),
                crs: crs(column),
            });
            let covering = column["covering"]["bbox"]["xmin"][0].as_str();
            found.coverings.extend(covering.map(String::from));
        }
        found
    }
}

/// The reference system of PROJJSON; an absent one is longitude and latitude, null is none that is known.
fn crs(column: &Value) -> Option<String> {
    let crs = column.get("crs")?;
    let (authority, code) = (&crs["id"]["authority"], &crs["id"]["code"]);
    let code = code.as_str().map(String::from).unwrap_or_else(|| code.to_string());
    match (authority.as_str(), &*code) {
        (Some("EPSG"), "4326" | "4979") | (Some("OGC"), "CRS84" | "CRS84h") => None,
        (Some("EPSG"), code) => Some(code.to_string()),
        _ => Some(crs["name"].as_str().unwrap_or("unknown").to_string()),
    }
}

#[cfg(test)]
mod tests;
