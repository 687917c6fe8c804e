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
    let (mut last_ring, mut shrinking) = (0, Shrinking::default());
    while bell.wait(pause) {
        let Some(ring) = bell.rest(rest(took, made.elapsed())) else { return };
        let Some(site) = site.upgrade() else { return };
        let began = Instant::now();
        if !load::is_fresh(&site.archive.get().index, settings) {
            bell.begins(began);
            let is_asked = ring > last_ring;
            make(&site, settings, |from, to| is_asked || shrinking.is_settled(from, to));
            (took, made) = (began.elapsed(), Instant::now());
            bell.made(took);
        }
        bell.looked(ring);
        last_ring = ring;
        pause = settings.watch.max(began.elapsed() * LOOK_SHARE);
    }
}

/// The number of consecutive checks that have to find the same smaller number of images. Other programs write rows in
/// place, and what a half-written file lacks would be answered as deleted, which clients remember.
const SAME_CHECKS: u32 = 3;

/// An archive that has fewer images than before.
#[derive(Default)]
struct Shrinking {
    images: usize,
    checks: u32,
}

impl Shrinking {
    /// Whether an index of `to` images may replace one of `from`.
    fn is_settled(&mut self, from: usize, to: usize) -> bool {
        let is_same = self.images == to;
        *self = Shrinking { images: to, checks: if is_same { self.checks + 1 } else { 1 } };
        to >= from || self.checks >= SAME_CHECKS
    }
}

fn make(site: &Site, settings: &ServerSettings, mut may_replace: impl FnMut(usize, usize) -> bool) {
    match load::load(settings) {
        Ok(index) => {
            let (from, to) = (site.archive.get().index.len(), index.len());
            let line = changed(from, &index);
            if may_replace(from, to) {
                site.archive.replace(index);
                if to < from { site.warn(&line) } else { site.log(|| line) }
            } else {
                site.warn(&format!("{line}; the index of before is used until it is certain"));
            }
        }
        // The previous index stays in use.
        Err(why) => site.warn(&format!("the archive has changed, and {why}")),
    }
}

/// What an archive of `from` images has become, and what of it cannot be read.
fn changed(from: usize, index: &Index) -> String {
    let (images, pictures) = (index.len(), index.pictures_len());
    let notes = index.notes().unwrap_or_default();
    let notes: String = notes.iter().map(|note| format!("; {note}")).collect();
    let fewer = if images < from {
        format!(", {} fewer than before", from - images)
    } else {
        String::new()
    };
    format!("the archive has changed: {images} images{fewer}, {pictures} pictures{notes}")
}

#[cfg(test)]
mod tests;
