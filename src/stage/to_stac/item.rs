//! One sequence as an item: the line of its pictures, and the time from the first to the last.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::asset::Asset;
use crate::value::antimeridian::cut_line;
use crate::value::extent::Extent;
use crate::value::geo::Position;
use crate::value::instant::format_instant;

/// A sequence with its pictures.
pub struct Item {
    pub sequence: String,
    pub assets: Vec<Asset>,
}

pub const VERSION: &str = "1.1.0";
const VIEW: &str = "https://stac-extensions.github.io/view/v1.1.0/schema.json";
const CAMERA: &str = "https://stac-extensions.github.io/perspective-imagery/v1.0.0/schema.json";

impl Item {
    pub fn new(sequence: &str) -> Item {
        Item { sequence: sequence.to_string(), assets: Vec::new() }
    }

    /// Adds a picture. A repeated picture replaces the earlier one in [`Self::sort`].
    pub fn add(&mut self, asset: Asset) {
        self.assets.push(asset);
    }

    /// Sorts the pictures by time, and returns the number of repeated pictures, of which the last one is kept.
    pub fn sort(&mut self) -> usize {
        let before = self.assets.len();
        let mut seen = HashSet::new();
        self.assets.reverse();
        self.assets.retain(|asset| seen.insert(asset.id.clone()));
        self.assets.sort_by(|a, b| (a.captured_ms, &a.id).cmp(&(b.captured_ms, &b.id)));
        before - self.assets.len()
    }

    /// The first and last instant.
    pub fn interval(&self) -> Option<(i64, i64)> {
        Some((self.assets.first()?.captured_ms, self.assets.last()?.captured_ms))
    }

    pub fn places(&self) -> impl Iterator<Item = Position> {
        self.assets.iter().filter_map(|asset| asset.position)
    }

    pub fn json(&self, collection: &str) -> Value {
        let time = |ms: i64| format_instant(ms).unwrap_or_default();
        let (start, end) =
            self.interval().map_or_else(Default::default, |(from, to)| (time(from), time(to)));
        let assets: Map<String, Value> = self
            .assets
            .iter()
            .map(|asset| (asset.id.clone(), Value::Object(asset.json.clone())))
            .collect();
        let extensions: Vec<&str> = [
            self.assets.iter().any(|asset| asset.has_view).then_some(VIEW),
            self.assets.iter().any(|asset| asset.has_camera).then_some(CAMERA),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut item = json!({
            "type": "Feature", "stac_version": VERSION, "stac_extensions": extensions,
            "id": self.sequence, "collection": collection, "geometry": self.geometry(),
            "properties": { "datetime": start, "start_datetime": start, "end_datetime": end },
            "links": [
                { "rel": "root", "href": "../collection.json", "type": "application/json" },
                { "rel": "parent", "href": "../collection.json", "type": "application/json" },
                { "rel": "collection", "href": "../collection.json", "type": "application/json" },
            ],
            "assets": assets,
        });
        // Required if there is a geometry, and forbidden otherwise.
        let mut extent = Extent::default();
        self.places().for_each(|at| extent.add(at));
        if let Some(bounds) = extent.bounds_deg() {
            item["bbox"] = json!(bounds);
        }
        item
    }

    fn geometry(&self) -> Value {
        let line: Vec<Position> = self.places().collect();
        if let [only] = line[..] {
            return json!({ "type": "Point", "coordinates": [only.lon_deg(), only.lat_deg()] });
        }
        match cut_line(&line).as_slice() {
            [] => Value::Null,
            [whole] => json!({ "type": "LineString", "coordinates": whole }),
            parts => json!({ "type": "MultiLineString", "coordinates": parts }),
        }
    }
}
