//! How fast we ask: a bucket of tokens for each kind of request, shared by all threads.
//!
//! The service's documented quotas are far above what it bears, so the pace halves when the service says that it is
//! too fast, once for all requests that were on their way, and creeps back with each good answer.

mod rates;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::pace_client::{Permit, SharedPace};
use super::retry::Stop;
pub use rates::Rates;

/// The slowest pace, as a share of the full one: a run must still end.
const SLOWEST: f64 = 1.0 / 64.0;
/// What a good answer gives back, as a share of the full pace: 200 of them undo any throttling.
const CREEP: f64 = 1.0 / 200.0;
/// The share of the app's quota above which we slow down (header `x-app-usage`, in percent).
const USAGE_HIGH: f64 = 85.0;
/// What is left of the pace then.
const USAGE_CUT: f64 = 0.9;
/// The usage is of an hour, so it tells the same for a while: it counts once in such a time.
const USAGE_PAUSE: Duration = Duration::from_secs(10);

/// A pace in units (requests, or bytes) a second; with no rate, as fast as may be. A hold stops both.
#[derive(Debug)]
pub struct Pace {
    full_per_s: Option<f64>,
    state: Mutex<LimiterState>,
    /// One pace for many processes: whoever keeps it says when.
    shared: Option<SharedPace>,
}

#[derive(Debug)]
struct LimiterState {
    per_s: f64,
    /// When the next unit is free.
    next: Option<Instant>,
    /// Nobody asks before.
    held_until: Option<Instant>,
    /// When the pace was cut last: what was asked before was on its way, and tells nothing new.
    cut_at: Option<Instant>,
    usage_cut_at: Option<Instant>,
}

impl Pace {
    /// A pace of so many units a second; `None`, or a rate that is not above 0, is none.
    pub fn new(per_s: Option<f64>) -> Self {
        let full_per_s = per_s.filter(|rate| *rate > 0.0 && rate.is_finite());
        let state = LimiterState {
            per_s: full_per_s.unwrap_or(0.0),
            next: None,
            held_until: None,
            cut_at: None,
            usage_cut_at: None,
        };
        Self { full_per_s, state: Mutex::new(state), shared: None }
    }

    /// The pace of many processes. Without whoever keeps it this one goes on by itself, at the slowest share of its own pace.
    pub fn shared(per_s: f64, shared: SharedPace) -> Self {
        let alone = Self { shared: Some(shared), ..Self::new(Some(per_s * SLOWEST)) };
        alone.rest(Instant::now());
        alone
    }

    /// Waits until `units` may be used; false when the run ended while waiting.
    pub fn take(&self, units: f64, clock: &dyn Clock, stop: &Stop) -> bool {
        if let Some(shared) = &self.shared {
            match shared.take(clock, stop) {
                Permit::Given => {
                    self.rest(clock.now());
                    return self.wait_out(clock, stop);
                }
                Permit::Stopped => return false,
                Permit::Lost => {}
            }
        }
        loop {
            if !clock.sleep(self.reserve(units, clock.now()), stop) {
                return false;
            }
            // A hold that began meanwhile is waited out, too.
            if self.lock().held_until.is_none_or(|end| end <= clock.now()) {
                return !stop.is_set();
            }
        }
    }

    /// Waits for the end of a hold.
    fn wait_out(&self, clock: &dyn Clock, stop: &Stop) -> bool {
        let held_until = self.lock().held_until;
        let left = held_until.map(|end| end.saturating_duration_since(clock.now()));
        clock.sleep(left.unwrap_or_default(), stop) && !stop.is_set()
    }

    /// By itself it goes on a whole turn later, and no sooner: what others do meanwhile is not known.
    fn rest(&self, now: Instant) {
        let mut state = self.lock();
        state.next = state.next.max(Some(now + turn(1.0, state.per_s)));
    }

    /// Takes a unit whose time is at most so far off, and gives the wait; else how far off it is.
    pub fn reserve_within(&self, most: Duration, now: Instant) -> Result<Duration, Duration> {
        let mut state = self.lock();
        let slot = [state.held_until, state.next].into_iter().flatten().fold(now, Instant::max);
        let wait = slot - now;
        if wait > most {
            return Err(wait);
        }
        if self.full_per_s.is_some() {
            state.next = Some(slot + turn(1.0, state.per_s));
        }
        Ok(wait)
    }

    /// How long nobody asks any more.
    pub fn held(&self, now: Instant) -> Duration {
        let held_until = self.lock().held_until;
        held_until.map_or(Duration::ZERO, |end| end.saturating_duration_since(now))
    }

    /// The units a second at present.
    pub fn per_s(&self) -> Option<f64> {
        self.full_per_s.filter(|_| self.shared.is_none())?;
        self.full_per_s.map(|_| self.lock().per_s)
    }

    /// The service said that it is too fast, in answer to a request that was sent at `sent`: nobody asks before the
    /// hold is over, and then at half the pace. True when this is news, and not one of several that were on their way
    /// when the pace was cut.
    pub fn slow_down(&self, sent: Instant, now: Instant, hold: Duration) -> bool {
        if let Some(shared) = &self.shared {
            shared.slow_down(now.saturating_duration_since(sent), hold);
        }
        let mut state = self.lock();
        state.held_until = state.held_until.max(Some(now + hold));
        let is_news = state.cut_at.is_none_or(|cut| sent > cut);
        if is_news {
            state.cut_at = Some(now);
            if let Some(full) = self.full_per_s {
                state.per_s = (state.per_s / 2.0).max(full * SLOWEST);
            }
        }
        is_news
    }

    /// A good answer came, with the app's usage in percent where the service told it.
    pub fn answered(&self, now: Instant, usage_percent: Option<f64>) {
        if let Some(shared) = &self.shared {
            // By itself it stays as slow as it is.
            return shared.answered(usage_percent);
        }
        let Some(full) = self.full_per_s else { return };
        let mut state = self.lock();
        if usage_percent.is_none_or(|usage| usage <= USAGE_HIGH) {
            state.per_s = (state.per_s + full * CREEP).min(full);
        } else if state.usage_cut_at.is_none_or(|cut| now >= cut + USAGE_PAUSE) {
            state.usage_cut_at = Some(now);
            state.per_s = (state.per_s * USAGE_CUT).max(full * SLOWEST);
        }
    }

    fn reserve(&self, units: f64, now: Instant) -> Duration {
        let mut state = self.lock();
        let slot = [state.held_until, state.next].into_iter().flatten().fold(now, Instant::max);
        if self.full_per_s.is_some() {
            // A rest saves up nothing: answers take a second each, so a burst would only bunch them.
            state.next = Some(slot + turn(units, state.per_s));
        }
        slot - now
    }

    fn lock(&self) -> MutexGuard<'_, LimiterState> {
        // The state is whole after each statement, so a thread that panicked left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long so many units take at a pace; a pace of next to nothing is one of a day.
pub fn turn(units: f64, per_s: f64) -> Duration {
    const LONGEST: Duration = Duration::from_secs(24 * 3600);
    Duration::try_from_secs_f64(units / per_s).map_or(LONGEST, |turn| turn.min(LONGEST))
}

/// The highest share of the app's quota in an `x-app-usage` header, in percent.
pub fn usage_percent(header: &str) -> Option<f64> {
    let usage: serde_json::Map<String, serde_json::Value> = serde_json::from_str(header).ok()?;
    usage.values().filter_map(serde_json::Value::as_f64).reduce(f64::max)
}

#[cfg(test)]
mod tests;
