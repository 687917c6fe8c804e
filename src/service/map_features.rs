//! Map features, the objects that the service found in many pictures: `/map_features`.

use super::client::Client;
use super::error::Error;
use super::graph::search_ask;
use super::search::{Page, add};
use super::tiles::join;

/// A search by box; the result is a single page.
#[derive(Debug, Clone)]
pub struct FeatureSearch {
    /// West, south, east, north in degrees: each side less than 0.01.
    pub bbox: [f64; 4],
    /// Comma separated, `*` allowed; empty for all.
    pub values: String,
    /// Comma separated.
    pub fields: &'static str,
    pub limit: u32,
}

impl Client {
    /// The features in a box. `ErrorKind::TooMuch` means that a smaller box is needed.
    pub fn map_features(&self, search: &FeatureSearch) -> Result<Page, Error> {
        let mut url = join(&self.graph, "/map_features");
        let bbox = search.bbox.map(|side| side.to_string()).join(",");
        let values = Some(search.values.as_str()).filter(|values| !values.is_empty());
        add(&mut url, "bbox", Some(&bbox));
        add(&mut url, "object_values", values);
        add(&mut url, "fields", Some(search.fields));
        add(&mut url, "limit", Some(&search.limit.to_string()));
        self.page(search_ask(url), "the map features of the box")
    }
}
