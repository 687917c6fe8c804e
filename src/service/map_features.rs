//! Map features, the objects that the service found in many pictures: `/map_features`.

use std::collections::HashSet;

use reqwest::Url;

use super::client::Client;
use super::error::Error;
use super::graph::{MOST_PAGES, ROUND, search_ask};
use super::search::{Next, Page, add};
use super::tiles::join;

/// A search by box. The service has answered it by a single page so far; a link to more is followed.
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
    /// The features in a box, from all pages. `ErrorKind::TooMuch` means that a smaller box is needed.
    pub fn map_features(&self, search: &FeatureSearch) -> Result<Page, Error> {
        let (mut all, mut cursors) = (Page::default(), HashSet::new());
        let mut after = None;
        loop {
            let page = self.page(search_ask(search.url(&self.graph, after)), WHAT)?;
            all.rows.extend(page.rows);
            all.odd += page.odd;
            match page.next {
                Next::After(next) if cursors.len() < MOST_PAGES && cursors.insert(next.clone()) => {
                    after = Some(next);
                }
                Next::After(_) => return Ok(Page { next: Next::Lost(ROUND.into()), ..all }),
                next => return Ok(Page { next, ..all }),
            }
        }
    }
}

const WHAT: &str = "the map features of the box";

impl FeatureSearch {
    fn url(&self, graph: &Url, after: Option<String>) -> Url {
        let mut url = join(graph, "/map_features");
        let bbox = self.bbox.map(|side| side.to_string()).join(",");
        let values = Some(self.values.as_str()).filter(|values| !values.is_empty());
        add(&mut url, "bbox", Some(&bbox));
        add(&mut url, "object_values", values);
        add(&mut url, "fields", Some(self.fields));
        add(&mut url, "limit", Some(&self.limit.to_string()));
        add(&mut url, "after", after.as_deref());
        url
    }
}
