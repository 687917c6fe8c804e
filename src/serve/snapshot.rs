//! The current state of the archive: its index, and the tiles made from it. Each request keeps the snapshot that it
//! started with, so that it can be replaced at any time.

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

/// The memory limit for recently requested tiles.
const TILE_BYTES: usize = 20 << 20;

/// Recently requested tiles, keyed by whether they show computed positions, tile and form.
type TileCache = ByteCache<(bool, Tile, TileForm)>;

/// The cached forms of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TileForm {
    Plain,
    Gzip,
    /// The value of its ETag.
    Tag,
}

#[derive(Debug)]
pub struct Snapshot {
    pub index: Index,
    pub tiles: TileCache,
    pub entities: EntityCache,
    summary: OnceLock<Bytes>,
    /// When the archive was read: its data is at least as old as this.
    pub modified: SystemTime,
}

/// The snapshot for new requests.
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
    /// The summary for the start of the page, computed once.
    pub fn summary(&self) -> io::Result<Bytes> {
        if let Some(text) = self.summary.get() {
            return Ok(text.clone());
        }
        let text = Bytes::from(summary::summary(&self.index)?.to_string());
        Ok(self.summary.get_or_init(|| text).clone())
    }
}

/// Checks take at most one part in this many of the time.
const LOOK_SHARE: u32 = 20;

/// Long rebuilds of the index take at most one part in this many of the time.
const MAKE_SHARE: u32 = 5;

/// An index that is built faster than this is rebuilt after every change.
const SHORT: Duration = Duration::from_secs(2);

/// The pause before a rebuild: everything that arrives during it needs one index instead of one each.
fn rest(took: Duration, since_made: Duration) -> Duration {
    if took < SHORT {
        return Duration::ZERO;
    }
    // Files changed less than this ago count as unsettled, and the index would be built twice.
    (took * (MAKE_SHARE - 1)).saturating_sub(since_made).max(SETTLED)
}

/// Rebuilds the index when the archive has changed, checking regularly and whenever the bell rings, until the bell ends
/// it.
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
        // The previous index stays in use.
        Err(why) => site.log(|| format!("the archive has changed, and {why}")),
    }
}

#[cfg(test)]
mod tests;
