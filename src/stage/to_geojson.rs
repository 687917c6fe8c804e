//! to-geojson: rows as a GeoJSON file, with a point for each photo (RFC 7946).

use std::io::Write;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::row::{Column, Columns, Field, Row, Type};

use crate::value::height_validity::Heights;

use crate::photo::capture_facts::PhotoFacts;
use crate::shape::document::{Document, height, put};
use crate::shape::{Diagnostics, Error, FatalError, InputHeader, Outcome, RowError, Scan, Shape};

/// How a row becomes a feature.
#[derive(Debug, Clone, Copy, Default)]
pub struct Features {
    /// The plausible altitudes.
    pub heights: Heights,
    /// No altitudes in the coordinates: with them, GeoPandas assumes EPSG:4979 for all.
    pub is_flat: bool,
}

impl Features {
    fn text(self, row: &Row, notes: &dyn Diagnostics) -> Result<String, RowError> {
        let position = PhotoFacts::from_row(row)?.position;
        if position.is_none() {
            notes.count("without a place", 1);
        }
        let altitude = height(row, self.heights, notes)?.filter(|_| !self.is_flat);
        // A feature without a position has null as geometry (section 3.2).
        let geometry = position.map(|place| {
            let mut coordinates = vec![place.lon_deg(), place.lat_deg()];
            coordinates.extend(altitude);
            json!({ "type": "Point", "coordinates": coordinates })
        });
        Ok(json!({ "type": "Feature", "geometry": geometry, "properties": properties(row) })
            .to_string())
    }
}

/// A feature collection, written as the rows arrive; keeps none in memory.
#[derive(Default)]
pub struct ToGeojson {
    features: Features,
    has_begun: bool,
}

impl ToGeojson {
    pub fn new(features: Features) -> ToGeojson {
        ToGeojson { features, has_begun: false }
    }

    /// The text before the next feature.
    fn before(&mut self) -> &'static str {
        if std::mem::replace(&mut self.has_begun, true) { ",\n" } else { START }
    }
}

impl Document for ToGeojson {
    fn add(&mut self, row: &Row, out: &mut Vec<u8>, notes: &dyn Diagnostics) -> Result<(), Error> {
        let feature = self.features.text(row, notes)?;
        out.extend_from_slice(self.before().as_bytes());
        out.extend_from_slice(feature.as_bytes());
        Ok(())
    }

    fn finish(mut self, out: &mut dyn Write, _: &dyn Diagnostics) -> Result<(), FatalError> {
        if !self.has_begun {
            put(out, self.before())?;
        }
        put(out, "\n]}\n")
    }
}

const START: &str = "{\"type\":\"FeatureCollection\",\"features\":[\n";

/// A feature for each row as it arrives; keeps none in memory.
pub struct GeojsonSequence {
    features: Features,
    columns: Arc<Columns>,
}

/// The only output column.
const FEATURE: &str = "feature";

impl GeojsonSequence {
    pub fn new(features: Features) -> GeojsonSequence {
        GeojsonSequence { features, columns: Columns::new([Column::named(FEATURE)]) }
    }
}

impl Scan for GeojsonSequence {
    fn shape(&self, _: &InputHeader) -> Shape {
        Shape { sets: self.columns.list().to_vec(), only_sets: true, ..Shape::default() }
    }

    fn push(
        &mut self,
        row: Row,
        out: &mut Vec<Outcome>,
        notes: &dyn Diagnostics,
    ) -> Result<(), FatalError> {
        out.push(match self.features.text(&row, notes) {
            Ok(feature) => {
                let mut line = Row::new(Arc::clone(&self.columns));
                line.set_column(&self.columns.list()[0], &feature, true);
                Outcome::Rows(vec![line])
            }
            Err(what) => Outcome::failed(row, what),
        });
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Outcome>, _: &dyn Diagnostics) -> Result<(), FatalError> {
        Ok(())
    }
}

/// The cells under their flat names, because tables in QGIS have no nested objects.
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
mod tests;
