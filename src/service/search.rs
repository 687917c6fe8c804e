//! The terms of an image search, and the pages that answer one; asking is `graph`'s.

use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::value::RawValue;

use super::classify::shown;
use super::error::Error;
use super::tiles::join;

/// An image search. Selectors narrow each other; an empty one is not sent.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub creator_username: Option<String>,
    pub organization_id: Option<String>,
    /// West, south, east, north in degrees: at most 0.01 a side.
    pub bbox: Option<[f64; 4]>,
    /// ISO 8601 with zone.
    pub start_captured_at: Option<String>,
    pub end_captured_at: Option<String>,
    pub is_pano: Option<bool>,
    /// Comma separated.
    pub fields: String,
    /// 1 to 2000. Always sent, since the service's own default was seen to change.
    pub limit: u32,
    /// The cursor of the page before, for the next one.
    pub after: Option<String>,
}

/// One page of a search.
#[derive(Debug)]
pub struct Page {
    pub rows: Vec<Box<RawValue>>,
    /// The cursor of the next page. Searches by box have one page only.
    pub after: Option<String>,
}

impl Search {
    pub(super) fn url(&self, graph: &Url) -> Url {
        let mut url = join(graph, "/images");
        let bbox = self.bbox.map(|sides| sides.map(|side| side.to_string()).join(","));
        add(&mut url, "creator_username", self.creator_username.as_deref());
        add(&mut url, "organization_id", self.organization_id.as_deref());
        add(&mut url, "bbox", bbox.as_deref());
        add(&mut url, "start_captured_at", self.start_captured_at.as_deref());
        add(&mut url, "end_captured_at", self.end_captured_at.as_deref());
        add(&mut url, "is_pano", self.is_pano.map(|pano| if pano { "true" } else { "false" }));
        add(&mut url, "fields", Some(self.fields.as_str()));
        add(&mut url, "limit", Some(self.limit.to_string().as_str()));
        add(&mut url, "after", self.after.as_deref());
        url
    }
}

/// The id of an answer's row, as text.
pub fn id_of(row: &RawValue) -> Result<String, Error> {
    let text = row.get();
    let id = serde_json::from_str::<BTreeMap<&str, &RawValue>>(text)
        .ok()
        .and_then(|mut row| row.remove("id"));
    let id = id.and_then(|id| serde_json::from_str(id.get()).ok());
    id.ok_or_else(|| {
        Error::row(format!("the service sent a row without an id: '{}'", shown(text.as_bytes())))
    })
}

/// Adds a parameter that has a value.
pub(super) fn add(url: &mut Url, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        url.query_pairs_mut().append_pair(name, value);
    }
}

pub(super) fn read_page(body: &[u8]) -> Result<Page, Error> {
    let bad = |what: &str| Error::row(format!("the service sent {what}: '{}'", shown(body)));
    let mut parts: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(body).map_err(|_| bad("bad JSON"))?;
    let data = parts.remove("data").ok_or_else(|| bad("no 'data'"))?;
    let rows = serde_json::from_str(data.get()).map_err(|_| bad("a 'data' that is no list"))?;
    let paging = parts.remove("paging").and_then(|p| serde_json::from_str(p.get()).ok());
    Ok(Page { rows, after: paging.as_ref().and_then(next_cursor) })
}

/// The cursor of the next page. Only that is taken of `next`: the rest of that URL repeats the question, may hold a
/// token, and may lead to another host.
fn next_cursor(paging: &serde_json::Value) -> Option<String> {
    let next = Url::parse(paging["next"].as_str()?).ok()?;
    let after =
        next.query_pairs().find(|(name, _)| name == "after").map(|(_, value)| value.into_owned());
    after.or_else(|| Some(paging["cursors"]["after"].as_str()?.to_owned()))
}
