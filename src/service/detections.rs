//! The detections in one picture: `/{id}/detections`.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::client::Client;
use super::error::Error;
use super::graph::{MOST_PAGES, ROUND, entity_ask, not_an_id};
use super::search::{Next, add, is_id, unread_entries};
use super::tiles::join;

/// A list, read to its end or as far as possible.
#[derive(Debug, Default)]
pub struct Detections {
    /// Objects with an id.
    pub rows: Vec<Box<RawValue>>,
    /// Entries that are not objects with an id.
    pub odd: u64,
    /// Why the list may be incomplete.
    pub cut: Option<String>,
}

impl Client {
    /// The detections in a picture, from all pages.
    pub fn detections(&self, image: &str, fields: &str) -> Result<Detections, Error> {
        if !is_id(image) {
            return Err(not_an_id(image));
        }
        let (mut list, mut cursors) = (Detections::default(), HashSet::new());
        let (what, mut after) = (format!("the detections of '{image}'"), None);
        for _ in 0..MOST_PAGES {
            let mut url = join(&self.graph, &format!("/{image}/detections"));
            add(&mut url, "fields", Some(fields));
            add(&mut url, "after", after.as_deref());
            let page = self.page(entity_ask(url), &what)?;
            list.odd += page.odd;
            list.rows.extend(page.rows);
            match page.next {
                Next::After(next) if cursors.insert(next.clone()) => after = Some(next),
                Next::After(_) => return Ok(Detections { cut: Some(ROUND.into()), ..list }),
                Next::Lost(why) => return Ok(Detections { cut: Some(why), ..list }),
                Next::End => return Ok(Detections { cut: unread_entries(list.odd), ..list }),
            }
        }
        Ok(Detections { cut: Some(format!("it has more than {MOST_PAGES} pages")), ..list })
    }
}
