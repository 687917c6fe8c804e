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
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<Column> {
        names.iter().map(|name| Column::named(name)).collect()
    }

    #[test]
    fn what_is_said_of_a_point_is_understood() {
        let mut geo = Geo::new(&header(&["lon", "lat", "geometry"])).unwrap();
        for (x, y) in [(9.5, -54.5), (-9.5, 54.5)] {
            geo.add(Position::new(x, y).unwrap());
        }
        let words: Value = serde_json::from_str(&geo.words()).unwrap();
        assert_eq!(words["columns"]["geometry_2"]["bbox"], json!([-9.5, -54.5, 9.5, 54.5]));
        let found = Found::read(&geo.words());
        assert_eq!(found.coverings, ["bbox"]);
        let geometry = &found.geometries[0];
        assert!(geometry.is_primary && geometry.is_flat && geometry.crs.is_none(), "{geometry:?}");
    }

    #[test]
    fn rows_without_a_place_make_none() {
        let error = Geo::new(&header(&["lat"])).err().unwrap().to_string();
        assert_eq!(error, "no column 'lon': GeoParquet has a point for each row");
    }

    #[test]
    fn a_reference_system_in_metres_is_told_from_degrees() {
        for (crs, wanted) in [
            (r#""crs":{"id":{"authority":"EPSG","code":25832}},"#, Some("25832")),
            (r#""crs":{"id":{"authority":"EPSG","code":4326}},"#, None),
            (r#""crs":{"id":{"authority":"OGC","code":"CRS84"}},"#, None),
            (r#""crs":{"name":"local grid"},"#, Some("local grid")),
            (r#""crs":null,"#, Some("unknown")),
            ("", None),
        ] {
            let words = format!(r#"{{"columns":{{"g":{{{crs}"encoding":"WKB"}}}}}}"#);
            assert_eq!(Found::read(&words).geometries[0].crs.as_deref(), wanted, "{crs}");
        }
        assert!(Found::read("[1").geometries.is_empty());
    }
}
