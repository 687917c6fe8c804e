//! The archive as it is now: its index, and the tiles made of it. Requests hold on to the one that they began with, so
//! that it can be replaced under way.

use std::io;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant, SystemTime};

use hyper::body::Bytes;

use super::byte_cache::ByteCache;
use super::index::Index;
use super::settings::ServerSettings;
use super::web::summary;
use super::{Site, load};
use crate::value::tile::Tile;

/// What tiles that were asked for lately may take in memory.
const TILE_BYTES: usize = 32 << 20;

/// Tiles that were asked for lately, by whether they are of computed places.
type TileCache = ByteCache<(bool, Tile)>;

#[derive(Debug)]
pub struct Snapshot {
    pub index: Index,
    pub tiles: TileCache,
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
        Snapshot { index, summary, tiles: TileCache::new(TILE_BYTES), modified: SystemTime::now() }
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

/// Asks the watcher to look now.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<(Mutex<BellState>, Condvar)>);

#[derive(Debug, Default)]
struct BellState {
    /// How often it was rung, and up to which ring the watcher has looked.
    rung: u64,
    seen: u64,
    is_over: bool,
}

impl Bell {
    pub fn ring(&self) {
        self.set(|state| state.rung += 1);
    }

    /// Rings, and waits until the watcher has looked, or so long.
    pub fn ring_and_wait(&self, time: Duration) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.rung += 1;
        let ring = state.rung;
        changed.notify_all();
        let is_waiting = |state: &mut BellState| state.seen < ring && !state.is_over;
        drop(changed.wait_timeout_while(state, time, is_waiting));
    }

    /// The watcher has looked for all rings up to this one.
    fn looked(&self, ring: u64) {
        self.set(|state| state.seen = ring);
    }

    /// Ends the watcher.
    pub fn end(&self) {
        self.set(|state| state.is_over = true);
    }

    fn set(&self, change: impl FnOnce(&mut BellState)) {
        let (state, changed) = &*self.0;
        change(&mut state.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_all();
    }

    /// Waits for a ring, or so long. The ring up to which to look, `None` when it is over.
    fn wait(&self, time: Duration) -> Option<u64> {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_idle = |state: &mut BellState| state.rung == state.seen && !state.is_over;
        let waited = changed.wait_timeout_while(state, time, is_idle);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (!state.is_over).then_some(state.rung)
    }
}

/// Looks takes no more than one part in so many of the time.
const LOOK_SHARE: u32 = 20;

/// Makes the index anew when the archive has changed, or when the bell rings and it has, until the bell says that it is over.
pub fn watch(site: &Weak<Site>, settings: &ServerSettings, bell: &Bell) {
    let mut pause = settings.watch;
    while let Some(ring) = bell.wait(pause) {
        let Some(site) = site.upgrade() else { return };
        let began = Instant::now();
        if !load::is_fresh(&site.archive.get().index, settings) {
            match load::load(settings) {
                Ok(index) => {
                    let line = format!(
                        "the archive has changed: {} images, {} pictures",
                        index.len(),
                        index.pictures_len()
                    );
                    site.archive.replace(index);
                    site.log(&line);
                }
                // What was read before is served on.
                Err(why) => site.log(&format!("the archive has changed, and {why}")),
            }
        }
        bell.looked(ring);
        pause = settings.watch.max(began.elapsed() * LOOK_SHARE);
    }
}
