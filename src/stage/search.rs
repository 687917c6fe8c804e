//! The pages of a user's or an organization's pictures, as places of a walk:
//! `user NAME`, `user NAME after CURSOR`, `org ID ...`.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use crate::row::{Field, Row, json};
use crate::service::{Client, Page, Search};
use crate::value::time::format_instant;

use super::select::Select;
use super::{Fault, Notes};

/// 2,000 are allowed; with some fields that many time out.
const PAGE: u32 = 1_000;
/// So many pages without a picture, one after another, are an end.
const MOST_EMPTY: u32 = 20;

/// The walk over the pages.
pub struct Pages {
    client: Arc<Client>,
    select: Select,
    seen: Mutex<Seen>,
}

/// Guards against pages that come again: about 16 bytes a picture.
#[derive(Default)]
struct Seen {
    places: HashSet<String>,
    ids: HashSet<String>,
    empty: u32,
}

/// A page's pictures, and the next page.
#[derive(Default)]
pub struct Turn {
    pub rows: Vec<Row>,
    pub next: Option<String>,
    /// The row that stands for a user or an organization without a picture.
    pub nobody: Option<Row>,
}

impl Pages {
    pub fn new(client: Arc<Client>, select: Select) -> Pages {
        Pages { client, select, seen: Mutex::default() }
    }

    /// The first pages of these users, or else of these organizations: the
    /// pictures of a user are told apart by organization without asking twice.
    pub fn start(users: &[String], orgs: &[String]) -> Vec<String> {
        match users.is_empty() {
            false => users.iter().map(|name| format!("user {name}")).collect(),
            true => orgs.iter().map(|id| format!("org {id}")).collect(),
        }
    }

    pub fn step(&self, place: &str, notes: &dyn Notes) -> Result<Result<Turn, String>, Fault> {
        let page = match super::asked::place(self.client.images(&self.search(place)))? {
            Ok(page) => page,
            Err(what) => return Ok(Err(format!("{place}: {what}"))),
        };
        notes.count("pages", 1);
        Ok(self.turn(place, page, notes))
    }

    fn turn(&self, place: &str, page: Page, notes: &dyn Notes) -> Result<Turn, String> {
        let mut rows = Vec::new();
        for text in &page.rows {
            rows.push(
                json::parse(text.get())
                    .map_err(|what| format!("{place}: the service sent bad JSON: {what}"))?,
            );
        }
        let mut seen = self.seen.lock().unwrap_or_else(|broken| broken.into_inner());
        rows.retain(|row| row.get(Field::ImgId).is_some_and(|id| seen.ids.insert(id.to_string())));
        seen.empty = if rows.is_empty() { seen.empty + 1 } else { 0 };
        let next = page.after.map(|cursor| format!("{} after {cursor}", whose(place)));
        let repeated = next.as_ref().is_some_and(|next| !seen.places.insert(next.clone()));
        if repeated || (next.is_some() && seen.empty >= MOST_EMPTY) {
            notes.warn(&format!(
                "{}: the service gives the same pages again; the list may not be complete",
                whose(place)
            ));
            return Ok(Turn { rows, ..Turn::default() });
        }
        let is_nobody = rows.is_empty() && next.is_none() && whose(place) == place;
        Ok(Turn { rows, next, nobody: is_nobody.then(|| owner(place)) })
    }

    fn search(&self, place: &str) -> Search {
        let mut search = Search {
            fields: "id,sequence,captured_at,is_pano,compass_angle,creator,organization".into(),
            limit: PAGE,
            start_captured_at: self.select.since_ms.and_then(format_instant),
            end_captured_at: self.select.until_ms.and_then(format_instant),
            is_pano: self.select.pano,
            ..Search::default()
        };
        match whose(place).split_once(' ') {
            Some(("org", id)) => search.organization_id = Some(id.into()),
            Some((_, name)) => search.creator_username = Some(name.into()),
            None => {}
        }
        search.after = place.split_once(" after ").map(|(_, cursor)| cursor.into());
        search
    }
}

/// A row that names whose pictures are looked for.
fn owner(place: &str) -> Row {
    match place.split_once(' ') {
        Some(("org", id)) => Row::of(&[(Field::OrgId, id)]),
        _ => Row::of(&[(Field::CreatorUsername, place.trim_start_matches("user "))]),
    }
}

/// The place without its cursor.
fn whose(place: &str) -> &str {
    place.split(" after ").next().unwrap_or(place)
}
