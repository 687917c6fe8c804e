//! The collection: its description, its extent in space and time, and its items.

use std::collections::BTreeSet;
use std::path::{Path, absolute};

use serde_json::{Value, json};

use super::item::{Item, VERSION};
use crate::value::extent::Extent;
use crate::value::instant::format_instant;

/// The properties of the collection given by the user.
pub struct About {
    pub id: String,
    pub title: String,
    pub license: String,
}

/// The summary of all items.
#[derive(Default)]
pub struct Summary {
    pictures: usize,
    creators: BTreeSet<String>,
    extent: Extent,
    interval: Option<(i64, i64)>,
}

impl Summary {
    pub fn add(&mut self, item: &Item) {
        self.pictures += item.assets.len();
        for creator in item.assets.iter().filter_map(|asset| asset.creator.as_ref()) {
            if !self.creators.contains(creator) {
                self.creators.insert(creator.clone());
            }
        }
        item.places().for_each(|at| self.extent.add(at));
        let Some((from, to)) = item.interval() else { return };
        let (first, last) = self.interval.unwrap_or((from, to));
        self.interval = Some((first.min(from), last.max(to)));
    }

    fn extent(&self) -> Value {
        let time = |ms: i64| format_instant(ms);
        let (from, to) = self.interval.map_or((None, None), |(from, to)| (time(from), time(to)));
        // Without a known position, the extent is the whole world.
        let around = self.extent.bounds_deg().unwrap_or([-180.0, -90.0, 180.0, 90.0]);
        json!({ "spatial": { "bbox": [around] }, "temporal": { "interval": [[from, to]] } })
    }
}

/// The link from the collection to the item of a sequence.
pub fn item_href(sequence: &str) -> String {
    format!("./{sequence}/{sequence}.json")
}

impl About {
    /// Missing values are taken from the folder's name.
    pub fn new(into: &Path, id: Option<String>, title: Option<String>, license: String) -> About {
        let whole = absolute(into).unwrap_or_else(|_| into.to_path_buf());
        let name =
            || whole.file_name().map_or("pictures".into(), |name| name.to_string_lossy().into());
        let id = id.unwrap_or_else(name);
        About { title: title.unwrap_or_else(|| id.clone()), id, license }
    }

    /// The collection of these sequences.
    pub fn json(&self, sequences: &[String], summary: &Summary) -> Value {
        let Summary { pictures, creators, .. } = summary;
        let providers: Vec<Value> =
            creators.iter().map(|name| json!({ "name": name, "roles": ["producer"] })).collect();
        let root =
            json!({ "rel": "root", "href": "./collection.json", "type": "application/json" });
        let items_links = sequences.iter().map(|sequence| {
            let href = item_href(sequence);
            json!({ "rel": "item", "href": href, "type": "application/geo+json" })
        });
        let links: Vec<Value> = [root].into_iter().chain(items_links).collect();
        let description =
            format!("{pictures} street-level pictures in {} sequences.", sequences.len());
        let mut collection = json!({
            "type": "Collection", "stac_version": VERSION, "id": self.id, "title": self.title,
            "description": description, "license": self.license, "extent": summary.extent(), "links": links,
        });
        if !providers.is_empty() {
            collection["providers"] = json!(providers);
        }
        collection
    }
}
