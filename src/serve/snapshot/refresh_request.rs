//! Asks the watcher of the archive to look now, and waits for it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Asks the watcher to look now.
#[derive(Debug, Clone, Default)]
pub struct WakeSignal(Arc<(Mutex<WakeState>, Condvar)>);

#[derive(Debug, Default)]
struct WakeState {
    /// How often it was rung, and up to which ring the watcher has looked.
    rung: u64,
    seen: u64,
    is_over: bool,
    /// How long it took to make the index last, and since when it is being made.
    took: Duration,
    began: Option<Instant>,
}

impl WakeState {
    /// Whether the index takes so long, or is being made for so long already.
    fn takes(&self, time: Duration) -> bool {
        self.took >= time || self.began.is_some_and(|began| began.elapsed() >= time)
    }
}

impl WakeSignal {
    pub fn ring(&self) {
        self.set(|state| state.rung += 1);
    }

    /// Rings, and waits until the watcher has looked, or so long. An index that takes longer to make is not waited for.
    pub fn ring_and_wait(&self, time: Duration) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.rung += 1;
        let ring = state.rung;
        changed.notify_all();
        let is_waiting =
            |state: &mut WakeState| !state.takes(time) && state.seen < ring && !state.is_over;
        drop(changed.wait_timeout_while(state, time, is_waiting));
    }

    /// The watcher has looked for all rings up to this one.
    pub(super) fn looked(&self, ring: u64) {
        self.set(|state| state.seen = ring);
    }

    /// The index is being made since then.
    pub(super) fn begins(&self, began: Instant) {
        self.set(|state| state.began = Some(began));
    }

    /// The index was made in so long.
    pub(super) fn made(&self, took: Duration) {
        self.set(|state| (state.took, state.began) = (took, None));
    }

    /// Rests so long, whoever rings; the rings so far, `None` when it is over.
    pub(super) fn rest(&self, time: Duration) -> Option<u64> {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let rested = changed.wait_timeout_while(state, time, |state| !state.is_over);
        let (state, _) = rested.unwrap_or_else(PoisonError::into_inner);
        (!state.is_over).then_some(state.rung)
    }

    /// Ends the watcher.
    pub fn end(&self) {
        self.set(|state| state.is_over = true);
    }

    fn set(&self, change: impl FnOnce(&mut WakeState)) {
        let (state, changed) = &*self.0;
        change(&mut state.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_all();
    }

    /// Waits for a ring, or so long; false when it is over.
    pub(super) fn wait(&self, time: Duration) -> bool {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_idle = |state: &mut WakeState| state.rung == state.seen && !state.is_over;
        let waited = changed.wait_timeout_while(state, time, is_idle);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !state.is_over
    }
}

#[cfg(test)]
mod tests;
