//! Asks the archive watcher to check now, and waits for it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Asks the watcher to check now.
#[derive(Debug, Clone, Default)]
pub struct WakeSignal(Arc<(Mutex<WakeState>, Condvar)>);

#[derive(Debug, Default)]
struct WakeState {
    /// The number of rings, and the last ring that the watcher has handled.
    rung: u64,
    seen: u64,
    is_over: bool,
    /// How long the last build of the index took, and when the current one began.
    took: Duration,
    began: Option<Instant>,
}

impl WakeState {
    /// Whether the last build took this long, or the current one has already taken it.
    fn takes(&self, time: Duration) -> bool {
        self.took >= time || self.began.is_some_and(|began| began.elapsed() >= time)
    }
}

impl WakeSignal {
    pub fn ring(&self) {
        self.set(|state| state.rung += 1);
    }

    /// Rings, and waits for the watcher's check, at most for this time. It does not wait for an index that takes
    /// longer.
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

    /// The watcher has handled all rings up to this one.
    pub(super) fn looked(&self, ring: u64) {
        self.set(|state| state.seen = ring);
    }

    /// A build of the index began at this time.
    pub(super) fn begins(&self, began: Instant) {
        self.set(|state| state.began = Some(began));
    }

    /// A build of the index took this long.
    pub(super) fn made(&self, took: Duration) {
        self.set(|state| (state.took, state.began) = (took, None));
    }

    /// Pauses for this long, even if it is rung; returns the number of rings so far, or `None` when it is over.
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

    /// Waits for a ring, at most for this time; false when it is over.
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
