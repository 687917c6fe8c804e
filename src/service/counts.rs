//! Counters of a client's requests, and the clock offset seen in the responses.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use super::request::Request;

/// Counts requests of each kind, retries, bytes of bodies, and waits.
#[derive(Debug)]
pub struct Counts {
    requests: [AtomicU64; 6],
    repeats: AtomicU64,
    bytes: AtomicU64,
    waits: AtomicU64,
    waited_us: AtomicU64,
    /// How far our clock is ahead of the service's, in seconds; `NOT_TOLD` until a response has a date.
    clock_offset_s: AtomicI64,
}

const NOT_TOLD: i64 = i64::MIN;

impl Default for Counts {
    fn default() -> Counts {
        let clock_offset_s = AtomicI64::new(NOT_TOLD);
        let [repeats, bytes, waits, waited_us] = Default::default();
        Counts { requests: Default::default(), repeats, bytes, waits, waited_us, clock_offset_s }
    }
}

impl Counts {
    /// How far our clock is ahead of the service's, in seconds, by its last response.
    pub fn clock_offset_s(&self) -> Option<i64> {
        Some(self.clock_offset_s.load(Ordering::Relaxed)).filter(|offset| *offset != NOT_TOLD)
    }

    pub(super) fn told(&self, clock_offset_s: Option<i64>) {
        clock_offset_s
            .iter()
            .for_each(|offset| self.clock_offset_s.store(*offset, Ordering::Relaxed));
    }

    pub fn requests(&self, kind: Request) -> u64 {
        self.requests[kind as usize].load(Ordering::Relaxed)
    }

    /// Requests that were retries.
    pub fn repeats(&self) -> u64 {
        self.repeats.load(Ordering::Relaxed)
    }

    /// Bytes of response bodies.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// How often a thread waited for a permit or before a retry.
    pub fn waits(&self) -> u64 {
        self.waits.load(Ordering::Relaxed)
    }

    /// The total time of those waits, over all threads.
    pub fn waited(&self) -> Duration {
        Duration::from_micros(self.waited_us.load(Ordering::Relaxed))
    }

    pub(super) fn repeated(&self) {
        self.repeats.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn received(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn waited_for(&self, time: Duration) {
        // Anything shorter is not a wait, only the time between two clock readings.
        if time >= Duration::from_millis(1) {
            self.waits.fetch_add(1, Ordering::Relaxed);
            self.waited_us.fetch_add(time.as_micros() as u64, Ordering::Relaxed);
        }
    }

    pub(super) fn asked(&self, kind: Request) {
        self.requests[kind as usize].fetch_add(1, Ordering::Relaxed);
    }
}
