//! The parameters of an image search and its result pages; `graph` sends the request.

use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::Value;
use serde_json::value::RawValue;

use super::classify::shown;
use super::error::Error;
use super::tiles::join;
use crate::value::human_format::counted;

/// An image search. Selectors are combined with AND; an empty one is not sent.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub creator_username: Option<String>,
    pub organization_id: Option<String>,
    /// West, south, east, north in degrees: each side at most 0.01.
    pub bbox: Option<[f64; 4]>,
    /// ISO 8601 with a time zone.
    pub start_captured_at: Option<String>,
    pub end_captured_at: Option<String>,
    pub is_pano: Option<bool>,
    /// Comma separated.
    pub fields: String,
    /// 1 to 2000. Always sent, since the service's own default was seen to change.
    pub limit: u32,
    /// The cursor from the previous page.
    pub after: Option<String>,
}

/// One page of a list.
#[derive(Debug, Default)]
pub struct Page {
    /// Objects with an id.
    pub rows: Vec<Box<RawValue>>,
    /// Entries that are not: null, a text, an object without an id.
    pub odd: u64,
    pub next: Next,
}

/// What follows a page. Searches by box have one page only.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum Next {
    #[default]
    End,
    /// The next page, by its cursor.
    After(String),
    /// There is more, but it cannot be reached: the text says why.
    Lost(String),
}

/// The ids of a list, read to its end or as far as possible.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Ids {
    /// Distinct, in the order of the list.
    pub ids: Vec<String>,
    /// Entries that are not objects with an id.
    pub odd: u64,
    /// Entries that repeat an earlier one.
    pub repeated: u64,
    /// Why the list may be incomplete.
    pub cut: Option<String>,
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

/// Why a list with unreadable entries may be incomplete; `None` if it has none.
pub fn unread_entries(odd: u64) -> Option<String> {
    (odd > 0).then(|| format!("{} of the service's list cannot be read", counted(odd, "entries")))
}

/// The id of an answer's row, as text. It may also be a JSON number.
pub fn id_of(row: &RawValue) -> Option<String> {
    let mut row: BTreeMap<String, &RawValue> = serde_json::from_str(row.get()).ok()?;
    let id = row.remove("id")?.get();
    let is_number = id.bytes().all(|b| b.is_ascii_digit());
    let id = if is_number { id.to_owned() } else { serde_json::from_str(id).ok()? };
    is_id(&id).then_some(id)
}

/// Whether a text is formatted like an id: other characters could change the path or the list that it is put into.
pub fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
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
    let entries: Vec<Box<RawValue>> =
        serde_json::from_str(data.get()).map_err(|_| bad("a 'data' that is not a list"))?;
    let all = entries.len();
    let rows: Vec<_> = entries.into_iter().filter(|row| id_of(row).is_some()).collect();
    if rows.is_empty() && all > 0 {
        let entries = counted(all as u64, "entries");
        return Err(bad(&format!("a list of {entries}, none of which can be read")));
    }
    let paging = parts.remove("paging").and_then(|p| serde_json::from_str(p.get()).ok());
    let next = paging.as_ref().map(next_of).unwrap_or_default();
    Ok(Page { odd: (all - rows.len()) as u64, rows, next })
}

/// Reads from `paging` how to get the next page. Only the cursor is taken from `next`: the rest of that URL repeats the
/// request, may contain a token, may be relative, and may lead to another host.
fn next_of(paging: &Value) -> Next {
    let next = match &paging["next"] {
        Value::Null => return Next::End,
        Value::String(next) if next.is_empty() => return Next::End,
        Value::String(next) => {
            Url::parse("https://next.invalid").and_then(|base| base.join(next)).ok()
        }
        _ => None,
    };
    let after = next.and_then(|next| {
        next.query_pairs().find(|(name, _)| name == "after").map(|(_, value)| value.into_owned())
    });
    let after = after.or_else(|| Some(paging["cursors"]["after"].as_str()?.to_owned()));
    match after.filter(|after| !after.is_empty()) {
        Some(after) => Next::After(after),
        None => {
            let said = paging["next"].to_string();
            Next::Lost(format!(
                "the link to the next page has no cursor: '{}'",
                shown(said.as_bytes())
            ))
        }
    }
}

#[cfg(test)]
mod tests;
