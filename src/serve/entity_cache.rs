//! Caches image objects that were requested repeatedly, as serialized text with their ETags.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::body::Bytes;
use rustc_hash::FxBuildHasher;

use super::answer::{Answer, JSON};
use super::byte_cache::ByteCache;
use super::conditional;
use super::route::Query;

/// The limit in bytes. Keys count only in small part, so that real memory use is up to twice this.
const BYTES: usize = 4 << 20;

/// The length of a tag: `W/"`, 24 digits, `"`.
const TAG_BYTES: usize = 28;

/// The number of requests remembered as seen once: storing a response costs as much as looking it up, and a client that
/// reads the whole archive requests each image only once.
const ONCE: usize = 4096;

/// Keyed by id and requested fields: such a response depends on nothing else in the request.
#[derive(Debug)]
pub struct EntityCache {
    kept: ByteCache<(String, String)>,
    /// Digests of requests, each in the slot that its value selects.
    once: Box<[AtomicU64]>,
}

impl EntityCache {
    pub fn new() -> EntityCache {
        let once = (0..ONCE).map(|_| AtomicU64::default()).collect();
        EntityCache { kept: ByteCache::new(BYTES), once }
    }

    /// The response to a request, cached or made from the object. One with links (`thumb_256_url`) is not cached,
    /// because links are signed again each time.
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

    /// Whether it was requested before, and not long ago. A false positive caches a response that nobody requests
    /// again.
    fn is_again(&self, key: &(String, String)) -> bool {
        let hash = FxBuildHasher.hash_one(key);
        self.once[hash as usize % ONCE].swap(hash, Ordering::Relaxed) == hash
    }
}

/// An object, by what it depends on.
pub enum Found {
    /// On the archive alone.
    Image(String),
    /// On the user, too.
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
