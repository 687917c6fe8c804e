//! to-geojson: rows as a GeoJSON file, a point for each photo (RFC 7946).

use serde_json::{Map, Value, json};

use crate::row::{Field, Row, Type};

use crate::value::height::Heights;

use crate::photo::order::PhotoFacts;
use crate::shape::document::{Document, height};
use crate::shape::{Diagnostics, FatalError};

/// Holds the document.
#[derive(Default)]
pub struct ToGeojson {
    heights: Heights,
    /// Features, with commas between them.
    features: String,
}

impl ToGeojson {
    /// `heights` are believed, and no others.
    pub fn new(heights: Heights) -> ToGeojson {
        ToGeojson { heights, ..ToGeojson::default() }
    }
}

impl Document for ToGeojson {
    fn add(&mut self, row: &Row, notes: &dyn Diagnostics) -> Result<(), String> {
        let position = PhotoFacts::from_row(row).map_err(|wrong| wrong.to_string())?.position;
        if position.is_none() {
            notes.count("without a place", 1);
        }
        let altitude = height(row, self.heights, notes)?;
        // A feature without a place has a null there (section 3.2).
        let geometry = position.map(|place| {
            let mut coordinates = vec![place.lon_deg(), place.lat_deg()];
            coordinates.extend(altitude);
            json!({ "type": "Point", "coordinates": coordinates })
        });
        let feature = json!({
            "type": "Feature", "geometry": geometry, "properties": properties(row),
        });
        self.features.push_str(if self.features.is_empty() { START } else { ",\n" });
        self.features.push_str(&feature.to_string());
        Ok(())
    }

    fn finish(mut self, _: &dyn Diagnostics) -> Result<Vec<u8>, FatalError> {
        if self.features.is_empty() {
            self.features.push_str(START);
        }
        self.features.push_str("\n]}\n");
        Ok(self.features.into_bytes())
    }
}

const START: &str = "{\"type\":\"FeatureCollection\",\"features\":[\n";

/// The cells under their flat names, since a table of QGIS has no objects in it.
fn properties(row: &Row) -> Map<String, Value> {
    let cells =
        row.filled().filter(|(column, ..)| !matches!(column.field, Some(Field::Lon | Field::Lat)));
    cells
        .map(|(column, text, raw)| {
            let typed = raw || matches!(column.kind(), Type::Number | Type::Bool | Type::Json);
            let value = typed.then(|| serde_json::from_str(text).ok()).flatten();
            (column.name.to_string(), value.unwrap_or_else(|| Value::from(text)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Diagnostics;

    struct Silent;

    impl Diagnostics for Silent {
        fn once(&self, _: &str) {}
        fn warn(&self, _: &str) {}
        fn count(&self, _: &'static str, _: u64) {}
    }

    fn document(rows: &[Row]) -> Value {
        let mut document = ToGeojson::default();
        rows.iter().for_each(|row| document.add(row, &Silent).unwrap());
        serde_json::from_slice(&document.finish(&Silent).unwrap()).unwrap()
    }

    #[test]
    fn a_photo_is_a_point_with_its_cells() {
        let row = Row::from_cells(&[
            (Field::ImgId, "12345678901234567890"),
            (Field::Lon, "13.5"),
            (Field::Lat, "52.25"),
            (Field::CompassAngle, "90"),
        ]);
        let made = document(&[row, Row::from_cells(&[(Field::Why, "off the track")])]);
        let feature = &made["features"][0];
        assert_eq!(feature["geometry"]["coordinates"], json!([13.5, 52.25]));
        assert_eq!(
            feature["properties"],
            json!({ "img_id": "12345678901234567890", "compass_angle": 90 })
        );
        assert!(made["features"][1]["geometry"].is_null());
    }

    #[test]
    fn no_rows_are_an_empty_collection() {
        assert_eq!(document(&[])["features"], json!([]));
    }
}
