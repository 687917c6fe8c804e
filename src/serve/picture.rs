//! Picture bytes: whole or a range, original or scaled down.

mod content;
mod range;

use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use hyper::HeaderMap;

use crate::disk::open;
use crate::value::quality::Quality;

use super::Site;
use super::answer::{Answer, Refusal};
use super::index::Index;
pub use content::MadeCache;
use content::{Body, Content, MadeError, since_1970_ns};

/// After this, the index of a usual archive is made anew.
const RETRY_AFTER_S: &str = "5";

/// The picture, or the requested range of it.
pub fn answer(
    site: &Site,
    index: &Index,
    (id, quality): (&str, Quality),
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let image = index.present(id)?;
    let held = image.map(|image| index.pictures(&image)).transpose()?.unwrap_or_default();
    let exact = held.iter().find(|held| held.quality == quality);
    let largest = held.iter().max_by_key(|held| held.quality);
    let content = match (exact, largest.filter(|largest| largest.quality > quality)) {
        (Some(held), _) => Content::open(site, held, id),
        (None, Some(larger)) => Content::made(site, larger, id, quality),
        (None, None) => return Ok(Answer::text(404, "Content not found")),
    };
    let content = content.and_then(|content| Ok(content.answer(headers)?));
    Ok(content.unwrap_or_else(|why| match why {
        MadeError::Moved => {
            Answer::new(503, "text/plain", format!("{why}\n")).with("retry-after", RETRY_AFTER_S)
        }
        why => Answer::new(404, "text/plain", format!("Content not found: {why}\n")),
    }))
}

/// A file of another kind, whole or a range.
pub fn file(path: &Path, content_type: &'static str, headers: &HeaderMap) -> io::Result<Answer> {
    let file = open::file(path)?;
    let facts = file.metadata()?;
    let modified = facts.modified().unwrap_or(UNIX_EPOCH);
    let mark = format!("{:x}-{:x}", since_1970_ns(modified), facts.len());
    let body = Body::File { file, start: 0, len: facts.len() };
    Content { body, content_type, modified, mark }.answer(headers)
}

#[cfg(test)]
mod tests;
