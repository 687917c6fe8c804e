//! The Graph endpoints: entities, the images of a sequence, image searches (`search` has their parameters). `batch`
//! requests many entities at once.
//!
//! Answers stay the original JSON text, so that numbers keep their digits.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use reqwest::Url;
use serde_json::value::RawValue;

use super::classify::{ResponseClass, shown};
use super::client::Client;
use super::error::{Error, ErrorKind};
use super::gone_doubt::names_other;
use super::no_answer::NoAnswer;
use super::request::Ask;
use super::request::Request;
use super::search::{Ids, Next, Page, Search, add, id_of, is_id, read_page, unread_entries};
use super::tiles::join;

/// 2000 images with all fields and signed URLs are about 12 MB.
const MOST_BODY_BYTES: u64 = 64 << 20;
/// Pages of one sequence: the longest known sequences have about ten thousand images, a page has up to 2000.
pub(super) const MOST_PAGES: usize = 1000;

/// A page is not made smaller than this many rows.
const LEAST_PAGE_ROWS: u32 = 10;

/// The service's answer for an id.
#[derive(Debug)]
pub enum Entity {
    /// The object, unchanged.
    Found(Box<RawValue>),
    /// The service does not know it, or no longer shows it to anybody.
    Gone,
    /// No answer for this id, though others may have one.
    Failed(Error),
}

impl Client {
    /// One object with the requested fields.
    pub fn entity(&self, id: &str, fields: &str) -> Result<Entity, Error> {
        if !is_id(id) {
            return Ok(Entity::Failed(not_an_id(id)));
        }
        self.single(id, fields, true)
    }

    /// The same. With `confirms`, the first answer that the object is gone is checked by one more request.
    pub(super) fn single(&self, id: &str, fields: &str, confirms: bool) -> Result<Entity, Error> {
        let mut url = join(&self.graph, &format!("/{id}"));
        url.query_pairs_mut().append_pair("fields", fields);
        let ask = Ask { confirms, ..entity_ask(url) };
        Ok(match self.ask(&ask, |body| read_object_of(body, id))? {
            Ok(row) => {
                self.gone_doubt.found();
                Entity::Found(row)
            }
            Err(ResponseClass::Gone(reason)) if names_other(&reason, id) => {
                let what =
                    format!("cannot get '{id}': the service answers about another: {reason}");
                Entity::Failed(Error::row(self.clean(&what)))
            }
            Err(ResponseClass::Gone(_)) => Entity::Gone,
            Err(verdict) => Entity::Failed(self.error(&format!("'{id}'"), &verdict)),
        })
    }

    /// The ids of a sequence's images, in capture order; empty if the sequence is empty or unknown.
    pub fn image_ids(&self, sequence: &str) -> Result<Ids, Error> {
        let (mut list, mut seen, mut cursors) = (Ids::default(), HashSet::new(), HashSet::new());
        let (what, mut after) = (format!("the images of sequence '{sequence}'"), None);
        for _ in 0..MOST_PAGES {
            let mut url = join(&self.graph, "/image_ids");
            url.query_pairs_mut().append_pair("sequence_id", sequence);
            add(&mut url, "after", after.as_deref());
            let page = self.page(entity_ask(url), &what)?;
            list.odd += page.odd;
            for id in page.rows.iter().filter_map(|row| id_of(row)) {
                if seen.insert(id.clone()) { list.ids.push(id) } else { list.repeated += 1 }
            }
            match page.next {
                Next::After(next) if cursors.insert(next.clone()) => after = Some(next),
                Next::After(_) => return Ok(Ids { cut: Some(ROUND.into()), ..list }),
                Next::Lost(why) => return Ok(Ids { cut: Some(why), ..list }),
                Next::End => return Ok(Ids { cut: unread_entries(list.odd), ..list }),
            }
        }
        Ok(Ids { cut: Some(format!("it has more than {MOST_PAGES} pages")), ..list })
    }

    /// One page of an image search. `ErrorKind::TooMuch` means that a smaller box is needed.
    pub fn images(&self, search: &Search) -> Result<Page, Error> {
        loop {
            let limit = search.limit.min(self.page_rows.load(Ordering::Relaxed));
            let url = Search { limit, ..search.clone() }.url(&self.graph);
            let ask = Ask::new(Request::Search, url, MOST_BODY_BYTES);
            match self.page(ask, "the images of the search") {
                // A box has one page and must be split; a list continues in smaller pages.
                Err(error)
                    if error.kind == ErrorKind::TooMuch
                        && search.bbox.is_none()
                        && limit > LEAST_PAGE_ROWS =>
                {
                    self.page_rows.store((limit / 4).max(LEAST_PAGE_ROWS), Ordering::Relaxed);
                }
                page => return page,
            }
        }
    }

    /// A page of a list. A page that is gone, as confirmed by a second request, is empty; if it is a later page, the
    /// list is incomplete.
    pub(super) fn page(&self, ask: Ask, what: &str) -> Result<Page, Error> {
        let is_later = ask.url.query_pairs().any(|(name, _)| name == "after");
        let ask = &Ask { confirms: true, ..ask };
        match self
            .ask(ask, |body| read_page(&body).map_err(|error| NoAnswer::Page(error.message)))?
        {
            Ok(page) => Ok(page),
            Err(ResponseClass::Gone(reason)) if is_later => {
                let why = format!("the next page is gone: {}", self.clean(&reason));
                Ok(Page { next: Next::Lost(why), ..Page::default() })
            }
            Err(ResponseClass::Gone(_)) => Ok(Page::default()),
            Err(verdict @ ResponseClass::BadRequest(_)) if is_later && names_cursor(&verdict) => {
                let message = self.error(what, &verdict).message;
                Err(Error::new(ErrorKind::LostCursor, message))
            }
            Err(verdict) => Err(self.error(what, &verdict)),
        }
    }
}

/// Cursors that are too old are refused with the code of a wrong parameter, so only the message tells.
fn names_cursor(verdict: &ResponseClass) -> bool {
    verdict.reason().to_lowercase().contains("cursor")
}

/// A repeated cursor would loop for ever.
pub(super) const ROUND: &str = "the service gives the same pages again";

pub(super) fn entity_ask(url: Url) -> Ask {
    Ask::new(Request::Entity, url, MOST_BODY_BYTES)
}

pub(super) fn search_ask(url: Url) -> Ask {
    Ask::new(Request::Search, url, MOST_BODY_BYTES)
}

pub(super) fn not_an_id(id: &str) -> Error {
    Error::row(format!("not an id: '{}'", id.escape_debug()))
}

/// Parses an object that has an id. Any other body with a success status is not an answer.
pub(super) fn read_object(body: Vec<u8>) -> Result<Box<RawValue>, NoAnswer> {
    let row: Box<RawValue> =
        serde_json::from_slice(&body).map_err(|_| NoAnswer::NotJson(shown(&body)))?;
    match id_of(&row) {
        Some(_) => Ok(row),
        None => Err(NoAnswer::NoId(shown(&body))),
    }
}

/// The same for an object that was requested by its id. An answer about another object is not an answer; but what is
/// not a number may be the slug of an organization, whose id is another.
fn read_object_of(body: Vec<u8>, id: &str) -> Result<Box<RawValue>, NoAnswer> {
    let row = read_object(body)?;
    let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
    match id_of(&row).filter(|own| is_number && own != id) {
        Some(came) => Err(NoAnswer::OtherId { came, asked: id.to_owned() }),
        None => Ok(row),
    }
}

#[cfg(test)]
mod tests;
