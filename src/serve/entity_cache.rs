//! Images that were asked for lately: the objects as they were written, and their tags.

use hyper::body::Bytes;

use super::answer::{Answer, JSON};
use super::byte_cache::ByteCache;
use super::conditional;
use super::route::Query;

/// What they may take in memory; with their names, which are counted as a small part of it, it is twice that.
const BYTES: usize = 4 << 20;

/// `W/"`, 24 digits, `"`.
const TAG_BYTES: usize = 28;

/// By the id and the fields asked for; both are part of every answer, and nothing else of a question is.
#[derive(Debug)]
pub struct EntityCache(ByteCache<(String, String)>);

impl EntityCache {
    pub fn new() -> EntityCache {
        EntityCache(ByteCache::new(BYTES))
    }

    /// The answer to a question, kept or made of the object. One with links (`thumb_256_url`) is not kept: they are signed
    /// anew each time.
    pub fn answer<E>(
        &self,
        id: &str,
        query: &Query,
        object: impl FnOnce() -> Result<Found, E>,
    ) -> Result<Answer, E> {
        let fields = query.get("fields").unwrap_or_default();
        if fields.contains("thumb_") {
            return object().map(|found| Answer::json(found.into_text()));
        }
        let key = (id.to_owned(), fields.to_owned());
        if let Some(kept) = self.0.get(&key) {
            return Ok(tagged(kept));
        }
        Ok(match object()? {
            Found::Image(text) => {
                let kept = Bytes::from(conditional::tag(text.as_bytes()) + &text);
                self.0.put(key, kept.clone());
                tagged(kept)
            }
            Found::Other(text) => Answer::json(text),
        })
    }
}

/// An object, by what it depends on.
pub enum Found {
    /// On the archive alone.
    Image(String),
    /// On who asks, too.
    Other(String),
}

impl Found {
    pub fn into_text(self) -> String {
        match self {
            Found::Image(text) | Found::Other(text) => text,
        }
    }
}

fn tagged(mut kept: Bytes) -> Answer {
    let tag = kept.split_to(TAG_BYTES);
    Answer::new(200, JSON, kept).with("etag", String::from_utf8_lossy(&tag))
}
