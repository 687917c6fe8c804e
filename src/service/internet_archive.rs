//! The endpoints of archive.org: the content of an item, and the items that a search finds. No token is sent there.

use std::collections::{BTreeMap, HashSet};

use reqwest::Url;
use serde_json::Value;
use serde_json::value::RawValue;

use super::classify::shown;
use super::client::Client;
use super::error::Error;
use super::request::Ask;
use super::request::Request;
use super::search::add;
use super::tiles::join;

/// The description of an item with 10,000 files is about 5 MB.
const MOST_BODY_BYTES: u64 = 64 << 20;
/// Items in one response; the API allows 100 to 10,000.
const AT_ONCE: u32 = 5000;
/// There are about 100 million items in all.
const MOST_PAGES: usize = 20_000;

/// The state of an item name at the Internet Archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemState {
    /// The item exists and has this many bytes.
    Item { bytes: u64 },
    /// The item was withdrawn from view; its name stays taken.
    Dark,
    /// There is no such item.
    No,
}

/// An item that a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArchiveItem {
    pub identifier: String,
    pub description: String,
    pub bytes: Option<u64>,
    /// The publication date, as archive.org writes it.
    pub published: String,
}

/// A list of distinct items, with its irregularities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Items {
    pub items: Vec<ArchiveItem>,
    /// Entries without a name.
    pub odd: u64,
    /// Whether the list states its total.
    pub is_counted: bool,
}

impl Client {
    /// The state of an item name. Only an answer that says so counts as an absence.
    pub fn held(&self, identifier: &str) -> Result<ItemState, Error> {
        let url = item(&self.internet_archive, identifier);
        let what = format!("'{identifier}' at archive.org");
        let body = self.ask_internet_archive(url, &what)?;
        read_held(&body).ok_or_else(|| bad(&what, "neither an item nor none", &body))
    }

    /// All items that a query finds, in the order of the search. A list with fewer items than its total is an error.
    pub fn items(&self, query: &str) -> Result<Items, Error> {
        let what = "the list of items at archive.org";
        let (mut list, mut names, mut cursors) = (Items::default(), HashSet::new(), HashSet::new());
        let mut total: Option<u64> = None;
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut url = join(&self.internet_archive, "/services/search/v1/scrape");
            add(&mut url, "q", Some(query));
            add(&mut url, "fields", Some("identifier,description,item_size,publicdate"));
            add(&mut url, "count", Some(&AT_ONCE.to_string()));
            add(&mut url, "cursor", cursor.as_deref());
            let body = self.ask_internet_archive(url, what)?;
            let page: Value = serde_json::from_slice(&body)
                .map_err(|error| bad(what, &error.to_string(), &body))?;
            let found = page["items"].as_array().ok_or_else(|| bad(what, "no 'items'", &body))?;
            for row in found {
                match read_item(row) {
                    Some(item) if names.insert(item.identifier.clone()) => list.items.push(item),
                    Some(_) => {}
                    None => list.odd += 1,
                }
            }
            // Items appear and disappear while the list is read, so the smallest total is used.
            total = total.into_iter().chain(page["total"].as_u64()).min();
            match page["cursor"].as_str() {
                Some(next) if !cursors.insert(next.to_string()) => {
                    return Err(bad(what, "the same page again", &body));
                }
                Some(next) => cursor = Some(next.to_string()),
                None => return whole(list, total),
            }
        }
        Err(Error::row(format!("cannot get {what}: it has no end")))
    }

    fn ask_internet_archive(&self, url: Url, what: &str) -> Result<Vec<u8>, Error> {
        let ask = Ask::new(Request::InternetArchive, url, MOST_BODY_BYTES);
        self.ask(&ask, Ok)?.map_err(|verdict| self.error(what, &verdict))
    }
}

/// The URL of an item's description. The name is a single path segment, whatever characters it has.
fn item(base: &Url, identifier: &str) -> Url {
    let mut url = join(base, "/metadata");
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.push(identifier);
    }
    url
}

/// Parses an answer: an item has `metadata`, a withdrawn one has `is_dark`, and a name without an item gives an empty
/// object. Anything else is not an answer.
pub fn read_held(body: &[u8]) -> Option<ItemState> {
    let answer: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body).ok()?;
    if answer.is_empty() {
        return Some(ItemState::No);
    }
    if answer.get("is_dark").is_some_and(|dark| dark.get() == "true") {
        return Some(ItemState::Dark);
    }
    let metadata: BTreeMap<String, &RawValue> =
        serde_json::from_str(answer.get("metadata")?.get()).ok()?;
    if metadata.is_empty() {
        return None;
    }
    let size = answer.get("item_size").and_then(|size| serde_json::from_str(size.get()).ok());
    Some(ItemState::Item { bytes: size.as_ref().and_then(number).unwrap_or(0) })
}

fn read_item(row: &Value) -> Option<ArchiveItem> {
    Some(ArchiveItem {
        identifier: Some(row["identifier"].as_str()?.to_string())
            .filter(|name| !name.is_empty())?,
        description: text(&row["description"]),
        bytes: number(&row["item_size"]),
        published: text(&row["publicdate"]),
    })
}

/// A field may be one text or a list of texts.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

/// A number, or its text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn whole(list: Items, total: Option<u64>) -> Result<Items, Error> {
    let entries = list.items.len() as u64 + list.odd;
    match total {
        Some(total) if total > entries => Err(Error::row(format!(
            "the list of items at archive.org came short: {entries} of {total}, try again later"
        ))),
        _ => Ok(Items { is_counted: total.is_some(), ..list }),
    }
}

fn bad(what: &str, why: &str, body: &[u8]) -> Error {
    Error::row(format!("cannot get {what}: the answer is {why}: '{}'", shown(body)))
}

#[cfg(test)]
mod tests;
