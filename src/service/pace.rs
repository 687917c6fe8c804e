//! How fast we ask: a bucket of tokens for each kind of request, shared by all threads.
//!
//! The service's documented quotas are far above what it bears, so the pace halves when the service says that it is
//! too fast, and creeps back with each good answer.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::retry::Stop;

/// Requests a second for each kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    pub entity: f64,
    pub search: f64,
    pub tile: f64,
    pub internet_archive: f64,
}

impl Rates {
    /// The same rate for each kind, as `--rate` sets it.
    pub fn all(per_s: f64) -> Self {
        Self { entity: per_s, search: per_s, tile: per_s, internet_archive: per_s }
    }
}

/// Below the documented quotas (1000, 167 and 0.6 a second, the last averaged over a day), and below what was seen
/// to bring throttling: about 6 tiles a second for half an hour. archive.org names no quota for these questions; for
/// others its staff named 60 a minute, and bars an address that asks on.
impl Default for Rates {
    fn default() -> Self {
        Self { entity: 50.0, search: 10.0, tile: 1.0, internet_archive: 1.0 }
    }
}

/// The slowest pace, as a share of the full one: a run must still end.
const SLOWEST: f64 = 1.0 / 64.0;
/// What a good answer gives back, as a share of the full pace: 200 of them undo any throttling.
const CREEP: f64 = 1.0 / 200.0;
/// The share of the app's quota above which we slow down (header `x-app-usage`, in percent).
const USAGE_HIGH: f64 = 85.0;

/// A pace in units (requests, or bytes) a second; with no rate, as fast as may be.
#[derive(Debug)]
pub struct Pace {
    full_per_s: Option<f64>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    per_s: f64,
    /// When the next unit is free.
    next: Instant,
}

impl Pace {
    /// A pace of so many units a second; `None`, or a rate that is not above 0, is none.
    pub fn new(per_s: Option<f64>) -> Self {
        let full_per_s = per_s.filter(|rate| *rate > 0.0 && rate.is_finite());
        Self {
            full_per_s,
            state: Mutex::new(State { per_s: full_per_s.unwrap_or(0.0), next: Instant::now() }),
        }
    }

    /// Waits until `units` may be used; false when the run ended while waiting.
    pub fn take(&self, units: f64, stop: &Stop) -> bool {
        match self.full_per_s {
            None => !stop.is_set(),
            Some(_) => stop.sleep(self.reserve(units, Instant::now())),
        }
    }

    /// The units a second at present.
    pub fn per_s(&self) -> Option<f64> {
        self.full_per_s.map(|_| self.lock().per_s)
    }

    /// The service said that it is too fast: half the pace, and nobody asks before the hold is over.
    pub fn slow_down(&self, hold: Duration) {
        let Some(full) = self.full_per_s else { return };
        let mut state = self.lock();
        state.per_s = (state.per_s / 2.0).max(full * SLOWEST);
        state.next = state.next.max(Instant::now() + hold);
    }

    /// A good answer came, with the app's usage in percent where the service told it.
    pub fn answered(&self, usage_percent: Option<f64>) {
        let Some(full) = self.full_per_s else { return };
        let mut state = self.lock();
        state.per_s = match usage_percent {
            Some(usage) if usage > USAGE_HIGH => (state.per_s * 0.9).max(full * SLOWEST),
            _ => (state.per_s + full * CREEP).min(full),
        };
    }

    fn reserve(&self, units: f64, now: Instant) -> Duration {
        let mut state = self.lock();
        // A rest saves up nothing: answers take a second each, so a burst would only bunch them.
        let slot = state.next.max(now);
        state.next = slot + Duration::from_secs_f64(units / state.per_s);
        slot - now
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole after each statement, so a thread that panicked left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The highest share of the app's quota in an `x-app-usage` header, in percent.
pub fn usage_percent(header: &str) -> Option<f64> {
    let usage: serde_json::Map<String, serde_json::Value> = serde_json::from_str(header).ok()?;
    usage.values().filter_map(serde_json::Value::as_f64).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_spread_over_the_second() {
        let pace = Pace::new(Some(10.0));
        let now = Instant::now();
        let waits: Vec<_> = (0..3).map(|_| pace.reserve(1.0, now).as_millis()).collect();
        assert_eq!(waits, [0, 100, 200]);
        assert_eq!(pace.reserve(1.0, now + Duration::from_secs(60)), Duration::ZERO);
    }

    #[test]
    fn throttling_halves_the_pace_and_good_answers_bring_it_back() {
        let pace = Pace::new(Some(16.0));
        pace.slow_down(Duration::from_secs(5));
        assert_eq!(pace.per_s(), Some(8.0));
        assert!(pace.reserve(1.0, Instant::now()) > Duration::from_secs(4));
        (0..20).for_each(|_| pace.slow_down(Duration::ZERO));
        assert_eq!(pace.per_s(), Some(0.25));
        (0..300).for_each(|_| pace.answered(Some(10.0)));
        assert_eq!(pace.per_s(), Some(16.0));
        pace.answered(Some(86.0));
        assert!(pace.per_s() < Some(16.0));
    }

    #[test]
    fn no_rate_is_no_wait_and_a_stop_ends_one() {
        let stop = Stop::default();
        let none = Pace::new(None);
        assert!((0..1000).all(|_| none.take(1.0, &stop)));
        let slow = Pace::new(Some(0.001));
        assert!(slow.take(1.0, &stop));
        stop.0.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(!slow.take(1.0, &stop));
    }

    #[test]
    fn the_usage_is_the_highest_of_its_numbers() {
        assert_eq!(usage_percent(r#"{"call_count":28,"total_time":91.5}"#), Some(91.5));
        assert_eq!(usage_percent("none"), None);
    }
}
