//! What GeoParquet 1.1 adds to a table: a point for each row, a bounding box of it by which readers skip row
//! groups, and metadata in the footer (<https://geoparquet.org/releases/v1.1.0/>).

use serde_json::{Map, Value, json};

use super::Error;
use crate::row::{Column, Field};
use crate::value::geo::Position;

/// The metadata key that makes a Parquet file GeoParquet.
pub const KEY: &str = "geo";

/// The names of the two columns, and the bounding box of all points.
pub struct Geo {
    pub geometry: String,
    pub bbox: String,
    around: Option<[f64; 4]>,
}

/// The fields of a bounding box, in this order.
pub const SIDES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

impl Geo {
    /// # Errors
    /// No column for the longitude or the latitude.
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

    /// The metadata as JSON. It has no reference system, which means longitude and latitude.
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

/// A name that no column has. The rows may already have a `geometry` that is more than a point.
fn free(name: &str, header: &[Column]) -> String {
    let is_free = |name: &String| header.iter().all(|column| *column.name != **name);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    [name.to_string()].into_iter().chain(numbered).find(is_free).unwrap_or_default()
}

/// What the metadata of a file says about its columns.
#[derive(Default)]
pub struct Found {
    pub geometries: Vec<Geometry>,
    /// Columns that only repeat others.
    pub coverings: Vec<String>,
}

/// A column of geometries.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    pub name: String,
    pub is_primary: bool,
    /// Whether all geometries are points with two coordinates.
    pub is_flat: bool,
    /// The reference system, unless it is longitude and latitude.
    pub crs: Option<String>,
}

impl Found {
    /// Reads the metadata of another program. What cannot be parsed is ignored.
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

/// The reference system of a column with the Parquet type GEOMETRY or GEOGRAPHY: `OGC:CRS84`, `EPSG:25832`,
/// `srid:25832`, or PROJJSON itself. `None` if it is longitude and latitude, in this order in any case.
pub fn named_crs(text: &str) -> Option<String> {
    if let Ok(projjson @ Value::Object(_)) = serde_json::from_str(text) {
        return crs(&json!({ "crs": projjson }));
    }
    let code = text.strip_prefix("srid:").or_else(|| text.strip_prefix("EPSG:"));
    match code.unwrap_or(text) {
        "OGC:CRS84" | "4326" => None,
        other => Some(other.to_string()),
    }
}

/// The reference system in PROJJSON. An absent one means longitude and latitude; null means unknown.
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
