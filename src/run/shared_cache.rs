//! The response cache of a run, shared by its threads.

use std::sync::{Mutex, PoisonError};

use crate::shape::{FatalError, Outcome};

use super::cache_entry::CacheEntry;
use super::response_cache::ResponseCache;

/// The response cache, if there is one.
pub struct SharedCache(Option<Mutex<ResponseCache>>);

impl SharedCache {
    pub fn new(answers: Option<ResponseCache>) -> SharedCache {
        SharedCache(answers.map(Mutex::new))
    }

    pub fn is_any(&self) -> bool {
        self.0.is_some()
    }

    pub fn get(&self, key: Option<&str>) -> Option<CacheEntry> {
        self.0.as_ref()?.lock().ok()?.get(key?)
    }

    /// Adds an outcome to the cache, if it can be cached.
    pub fn put(&self, key: Option<&str>, outcome: &Outcome) -> Result<(), FatalError> {
        let (Some(answers), Some(key), Some(answer)) =
            (&self.0, key, CacheEntry::from_outcome(outcome))
        else {
            return Ok(());
        };
        answers.lock().unwrap_or_else(PoisonError::into_inner).put(key, &answer)
    }

    pub fn into_inner(self) -> Option<ResponseCache> {
        self.0.map(|answers| answers.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}
