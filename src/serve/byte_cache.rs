//! An LRU cache of expensive responses, limited in bytes.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;

/// Values by key, of limited total size.
#[derive(Debug)]
pub struct ByteCache<K> {
    limit: usize,
    entries: Mutex<Entries<K>>,
}

#[derive(Debug)]
struct Entries<K> {
    by_key: HashMap<K, (Bytes, u64)>,
    /// Keys by last use.
    by_use: BTreeMap<u64, K>,
    bytes: usize,
    uses: u64,
}

/// The approximate overhead of an entry.
const ENTRY_BYTES: usize = 200;

impl<K: Clone + Eq + Hash> ByteCache<K> {
    pub fn new(limit: usize) -> ByteCache<K> {
        let entries =
            Entries { by_key: HashMap::new(), by_use: BTreeMap::new(), bytes: 0, uses: 0 };
        ByteCache { limit, entries: Mutex::new(entries) }
    }

    pub fn get(&self, key: &K) -> Option<Bytes> {
        let mut entries = self.lock();
        entries.uses += 1;
        let now = entries.uses;
        let (value, used) = entries.by_key.get_mut(key)?;
        let (value, before) = (value.clone(), std::mem::replace(used, now));
        if let Some(key) = entries.by_use.remove(&before) {
            entries.by_use.insert(now, key);
        }
        Some(value)
    }

    /// Stores a value, unless it alone would take a quarter of the limit.
    pub fn put(&self, key: K, value: Bytes) {
        if value.len() > self.limit / 4 {
            return;
        }
        let mut entries = self.lock();
        entries.remove(&key);
        entries.uses += 1;
        let now = entries.uses;
        entries.bytes += value.len() + ENTRY_BYTES;
        entries.by_use.insert(now, key.clone());
        entries.by_key.insert(key, (value, now));
        while entries.bytes > self.limit {
            let Some((_, oldest)) = entries.by_use.pop_first() else { break };
            entries.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Entries<K>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Entries<K> {
    fn remove(&mut self, key: &K) {
        if let Some((value, used)) = self.by_key.remove(key) {
            self.bytes -= value.len() + ENTRY_BYTES;
            self.by_use.remove(&used);
        }
    }
}

#[cfg(test)]
mod tests;
