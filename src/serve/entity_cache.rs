//! Images that were asked for more than once lately: the objects as they were written, and their tags.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::body::Bytes;
use rustc_hash::FxBuildHasher;

use super::answer::{Answer, JSON};
use super::byte_cache::ByteCache;
use super::conditional;
use super::route::Query;

/// What they may take in memory; with their names, which are counted as a small part of it, it is twice that.
const BYTES: usize = 4 << 20;

/// `W/"`, 24 digits, `"`.
const TAG_BYTES: usize = 28;

/// So many questions are remembered as asked once: to keep an answer costs as much as to look it up, and who walks
/// through an archive asks each but once.
const ONCE: usize = 4096;

/// By the id and the fields asked for, on which such an answer depends, and on nothing else of a question.
#[derive(Debug)]
pub struct EntityCache {
    kept: ByteCache<(String, String)>,
    /// Digests of questions, each at its place.
    once: Box<[AtomicU64]>,
}

impl EntityCache {
    pub fn new() -> EntityCache {
        let once = (0..ONCE).map(|_| AtomicU64::default()).collect();
        EntityCache { kept: ByteCache::new(BYTES), once }
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
        if let Some(kept) = self.kept.get(&key) {
            return Ok(tagged(kept));
        }
        Ok(match object()? {
            Found::Image(text) if self.is_again(&key) => {
                let kept = Bytes::from(conditional::tag(text.as_bytes()) + &text);
                self.kept.put(key, kept.clone());
                tagged(kept)
            }
            found => Answer::json(found.into_text()),
        })
    }

    /// Whether it was asked before, and not long ago. A wrong yes keeps an answer that nobody asks for again.
    fn is_again(&self, key: &(String, String)) -> bool {
        let hash = FxBuildHasher.hash_one(key);
        self.once[hash as usize % ONCE].swap(hash, Ordering::Relaxed) == hash
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

#[cfg(test)]
mod tests;
