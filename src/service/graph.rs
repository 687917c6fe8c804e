//! The Graph endpoints: entities, many at once, the images of a sequence, image searches (whose terms are `search`).
//!
//! Answers stay the JSON text that came, so that numbers keep their digits.

use std::collections::{BTreeMap, HashMap, HashSet};

use reqwest::Url;
use serde_json::value::RawValue;

use super::classify::Verdict;
use super::client::{Ask, Client, Judged, Request};
use super::error::Error;
use super::search::{Page, Search, add, id_of, read_page};
use super::tiles::join;

/// The service's own clients send no more ids at once.
const MOST_IDS: usize = 50;
/// Room for the ids in a URL that must stay below about 8 kB with its fields.
const MOST_IDS_BYTES: usize = 4000;
/// 2000 images with all fields and signed URLs are about 12 MB.
const MOST_BODY_BYTES: u64 = 64 << 20;
/// Pages of one sequence: the longest known have some ten thousand images, a page has up to 2000.
const MOST_PAGES: usize = 1000;

/// What the service says of an id.
#[derive(Debug)]
pub enum Entity {
    /// The object, as it came.
    Found(Box<RawValue>),
    /// The service does not know it, or shows it to nobody any more.
    Gone,
    /// No answer for this id, though others may have one.
    Failed(Error),
}

impl Client {
    /// One object with the fields asked for.
    pub fn entity(&self, id: &str, fields: &str) -> Result<Entity, Error> {
        if !is_id(id) {
            return Ok(Entity::Failed(not_an_id(id)));
        }
        let mut url = join(&self.graph, &format!("/{id}"));
        url.query_pairs_mut().append_pair("fields", fields);
        let answer = self.ask(&entity_ask(url))?;
        Ok(match answer.verdict {
            Verdict::Ok => parse(&answer).map_or_else(Entity::Failed, Entity::Found),
            Verdict::Gone(_) => Entity::Gone,
            verdict => Entity::Failed(self.error(&format!("'{id}'"), &verdict)),
        })
    }

    /// The user of the token (id, username).
    pub fn me(&self) -> Result<Entity, Error> {
        self.entity("me", "id,username")
    }

    /// Many objects of one type, in the order asked for. An id that spoils a batch is found by halving. The error is
    /// of the run; what fails for some ids only is their `Entity::Failed`.
    pub fn multi_get(&self, ids: &[&str], fields: &str) -> Result<Vec<(String, Entity)>, Error> {
        let mut seen = HashSet::new();
        let sound: Vec<&str> =
            ids.iter().copied().filter(|id| is_id(id) && seen.insert(*id)).collect();
        let mut found = HashMap::new();
        for batch in batches(&sound) {
            self.get_batch(batch, fields, &mut found)?;
        }
        Ok(ids.iter().map(|id| (id.to_string(), take(id, &mut found))).collect())
    }

    /// The ids of a sequence's images, in capture order; none when the sequence is empty or unknown.
    pub fn image_ids(&self, sequence: &str) -> Result<Vec<String>, Error> {
        let (mut ids, mut cursors) = (Vec::new(), HashSet::new());
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let mut url = join(&self.graph, "/image_ids");
            url.query_pairs_mut().append_pair("sequence_id", sequence);
            add(&mut url, "after", after.as_deref());
            let Some(page) =
                self.page(&entity_ask(url), &format!("the images of sequence '{sequence}'"))?
            else {
                break;
            };
            for row in &page.rows {
                ids.push(id_of(row)?);
            }
            match page.after {
                Some(next) if cursors.insert(next.clone()) => after = Some(next),
                // A cursor that comes again would go round for ever.
                _ => break,
            }
        }
        Ok(ids)
    }

    /// One page of an image search. `Kind::TooMuch` asks for a smaller box.
    pub fn images(&self, search: &Search) -> Result<Page, Error> {
        let url = search.url(&self.graph);
        let ask = Ask { kind: Request::Search, url, most_bytes: MOST_BODY_BYTES };
        let page = self.page(&ask, "the images of the search")?;
        Ok(page.unwrap_or(Page { rows: Vec::new(), after: None }))
    }

    fn page(&self, ask: &Ask, what: &str) -> Result<Option<Page>, Error> {
        let answer = self.ask(ask)?;
        match answer.verdict {
            Verdict::Ok => read_page(&answer.body).map(Some),
            Verdict::Gone(_) => Ok(None),
            verdict => Err(self.error(what, &verdict)),
        }
    }

    /// Asks for all at once, and for the halves when one of them is dead. When the first half is whole, the dead one
    /// is in the second, which is then cut without being asked for as it is.
    fn get_batch(
        &self,
        ids: &[&str],
        fields: &str,
        found: &mut HashMap<String, Entity>,
    ) -> Result<(), Error> {
        let mut waiting = vec![(ids, false)];
        while let Some((ids, known_bad)) = waiting.pop() {
            if known_bad && ids.len() > 1 {
                let (left, right) = ids.split_at(ids.len() / 2);
                let left_is_whole = self.get_once(left, fields, found)?;
                waiting.push((right, left_is_whole));
                if !left_is_whole {
                    waiting.push((left, true));
                }
            } else if !self.get_once(ids, fields, found)? {
                waiting.push((ids, true));
            }
        }
        Ok(())
    }

    /// False when the batch must be cut: it has an id that spoils it, or is more than the service gives at once.
    fn get_once(
        &self,
        ids: &[&str],
        fields: &str,
        found: &mut HashMap<String, Entity>,
    ) -> Result<bool, Error> {
        let mut url = join(&self.graph, "/");
        url.query_pairs_mut().append_pair("ids", &ids.join(",")).append_pair("fields", fields);
        let answer = self.ask(&entity_ask(url))?;
        let cuts = matches!(
            answer.verdict,
            Verdict::Gone(_) | Verdict::WrongType(_) | Verdict::TooMuch(_)
        );
        if cuts && ids.len() > 1 {
            return Ok(false);
        }
        match &answer.verdict {
            Verdict::Ok => keep_answers(&answer, ids, found),
            Verdict::Gone(_) => found.extend(ids.iter().map(|id| (id.to_string(), Entity::Gone))),
            verdict => found.extend(ids.iter().map(|id| {
                (id.to_string(), Entity::Failed(self.error(&format!("'{id}'"), verdict)))
            })),
        }
        Ok(true)
    }
}

fn entity_ask(url: Url) -> Ask {
    Ask { kind: Request::Entity, url, most_bytes: MOST_BODY_BYTES }
}

fn is_id(id: &str) -> bool {
    // Whatever else a row holds would change the path or the list it stands in.
    (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn not_an_id(id: &str) -> Error {
    Error::row(format!("not an id: '{}'", id.escape_debug()))
}

fn batches<'a>(ids: &'a [&'a str]) -> impl Iterator<Item = &'a [&'a str]> {
    let mut rest = ids;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |id: &&&str| {
            // A comma is three bytes in a query.
            bytes += id.len() + 3;
            bytes <= MOST_IDS_BYTES
        };
        let n = rest.iter().take(MOST_IDS).take_while(fits).count();
        let (batch, later) = rest.split_at(n);
        rest = later;
        (!batch.is_empty()).then_some(batch)
    })
}

fn take(id: &str, found: &mut HashMap<String, Entity>) -> Entity {
    match found.get(id) {
        // The same id may stand twice in the question.
        Some(Entity::Found(row)) => Entity::Found(row.clone()),
        Some(Entity::Failed(error)) => Entity::Failed(error.clone()),
        Some(Entity::Gone) => Entity::Gone,
        None => Entity::Failed(not_an_id(id)),
    }
}

/// An id that a good answer leaves out, or has no object for, is gone.
fn keep_answers(answer: &Judged, ids: &[&str], found: &mut HashMap<String, Entity>) {
    let mut rows: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(&answer.body).unwrap_or_default();
    for id in ids {
        let row = rows.remove(*id).filter(|row| row.get().starts_with('{'));
        found.insert(id.to_string(), row.map_or(Entity::Gone, Entity::Found));
    }
}

fn parse(answer: &Judged) -> Result<Box<RawValue>, Error> {
    serde_json::from_slice(&answer.body)
        .map_err(|e| Error::row(format!("the service sent bad JSON: {e}")))
}

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;
