//! What a client has asked, and what it was told beside the answers.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use super::request::Request;

/// What was asked so far: requests of each kind, those that were repeats, and bytes of bodies.
#[derive(Debug)]
pub struct Counts {
    requests: [AtomicU64; 6],
    repeats: AtomicU64,
    bytes: AtomicU64,
    waits: AtomicU64,
    waited_us: AtomicU64,
    /// How far our clock is ahead of that of the service, in seconds; as long as nobody told, what no clock is.
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
    /// How far our clock is ahead of that of the service, by its last answer.
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

    /// Requests that were made again.
    pub fn repeats(&self) -> u64 {
        self.repeats.load(Ordering::Relaxed)
    }

    /// Bytes of bodies.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// How often a thread waited for its turn, or before it asked again.
    pub fn waits(&self) -> u64 {
        self.waits.load(Ordering::Relaxed)
    }

    /// How long those waits were, all threads together.
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
        // Less is no wait, but the clock being asked twice.
        if time >= Duration::from_millis(1) {
            self.waits.fetch_add(1, Ordering::Relaxed);
            self.waited_us.fetch_add(time.as_micros() as u64, Ordering::Relaxed);
        }
    }

    pub(super) fn asked(&self, kind: Request) {
        self.requests[kind as usize].fetch_add(1, Ordering::Relaxed);
    }
}
