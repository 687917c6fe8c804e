//! The archive as it is now: its index, and the tiles made of it. Requests hold on to the one that they began with, so
//! that it can be replaced under way.

mod refresh_request;

use std::io;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant, SystemTime};

use hyper::body::Bytes;

use crate::value::tile::Tile;

use super::byte_cache::ByteCache;
use super::entity_cache::EntityCache;
use super::index::Index;
use super::index::freshness::SETTLED;
use super::settings::ServerSettings;
use super::web::summary;
use super::{Site, load};
pub use refresh_request::WakeSignal;

/// What tiles that were asked for lately may take in memory.
const TILE_BYTES: usize = 20 << 20;

/// Tiles that were asked for lately, by whether they are of computed places.
type TileCache = ByteCache<(bool, Tile, TileForm)>;

/// What is kept of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TileForm {
    Plain,
    Gzip,
    /// The text of its ETag.
    Tag,
}

#[derive(Debug)]
pub struct Snapshot {
    pub index: Index,
    pub tiles: TileCache,
    pub entities: EntityCache,
    summary: OnceLock<Bytes>,
    /// When it was read: what it tells is as old as that at least.
    pub modified: SystemTime,
}

/// The snapshot that new requests get.
#[derive(Debug)]
pub struct Current(RwLock<Arc<Snapshot>>);

impl Current {
    pub fn new(index: Index) -> Current {
        Current(RwLock::new(Arc::new(Snapshot::new(index))))
    }

    pub fn get(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, index: Index) {
        let new = Arc::new(Snapshot::new(index));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }
}

impl Snapshot {
    fn new(index: Index) -> Snapshot {
        let summary = OnceLock::new();
        let (tiles, entities) = (TileCache::new(TILE_BYTES), EntityCache::new());
        Snapshot { index, summary, tiles, entities, modified: SystemTime::now() }
    }
}

impl Snapshot {
    /// What the page begins with, worked out once.
    pub fn summary(&self) -> io::Result<Bytes> {
        if let Some(text) = self.summary.get() {
            return Ok(text.clone());
        }
        let text = Bytes::from(summary::summary(&self.index)?.to_string());
        Ok(self.summary.get_or_init(|| text).clone())
    }
}

/// Looks takes no more than one part in so many of the time.
const LOOK_SHARE: u32 = 20;

/// Making the index takes no more than one part in so many of the time, where it takes long.
const MAKE_SHARE: u32 = 5;

/// What is made faster than this is made whenever something comes.
const SHORT: Duration = Duration::from_secs(2);

/// How long to rest before an index is made: what comes until then needs one index, not one each.
fn rest(took: Duration, since_made: Duration) -> Duration {
    if took < SHORT {
        return Duration::ZERO;
    }
    // What has changed less than this ago is looked at again, and the index would be made twice.
    (took * (MAKE_SHARE - 1)).saturating_sub(since_made).max(SETTLED)
}

/// Makes the index anew when the archive has changed, or when the bell rings and it has, until the bell says that it is over.
pub fn watch(site: &Weak<Site>, settings: &ServerSettings, bell: &WakeSignal) {
    let mut pause = settings.watch;
    let (mut took, mut made) = (Duration::ZERO, Instant::now());
    while bell.wait(pause) {
        let Some(ring) = bell.rest(rest(took, made.elapsed())) else { return };
        let Some(site) = site.upgrade() else { return };
        let began = Instant::now();
        if !load::is_fresh(&site.archive.get().index, settings) {
            bell.begins(began);
            make(&site, settings);
            (took, made) = (began.elapsed(), Instant::now());
            bell.made(took);
        }
        bell.looked(ring);
        pause = settings.watch.max(began.elapsed() * LOOK_SHARE);
    }
}

fn make(site: &Site, settings: &ServerSettings) {
    match load::load(settings) {
        Ok(index) => {
            let line = format!(
                "the archive has changed: {} images, {} pictures",
                index.len(),
                index.pictures_len()
            );
            site.archive.replace(index);
            site.log(|| line);
        }
        // What was read before is served on.
        Err(why) => site.log(|| format!("the archive has changed, and {why}")),
    }
}

#[cfg(test)]
mod tests;
