//! The rate limiter: a token bucket for each kind of request, shared by all threads.
//!
//! The service's documented quotas are far above what it really accepts, so the rate is halved on throttling, once for
//! all requests in flight, and rises slowly with each good answer.

mod rates;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::pace_client::{LOOK_AGAIN, Permit, SharedPace};
use super::retry::Stop;
pub use rates::Rates;

/// The slowest rate, as a share of the full one: a run must still end.
const SLOWEST: f64 = 1.0 / 64.0;
/// What a good answer restores, as a share of the full rate: 200 of them undo any throttling.
const CREEP: f64 = 1.0 / 200.0;
/// The share of the app's quota above which the rate is lowered (header `x-app-usage`, in percent).
const USAGE_HIGH: f64 = 85.0;
/// The rate is multiplied by this then.
const USAGE_CUT: f64 = 0.9;
/// The usage covers an hour, so it stays the same for a while: it is applied once in this time.
const USAGE_PAUSE: Duration = Duration::from_secs(10);

/// A rate in units (requests, or bytes) per second; without one, there is no limit. A hold stops both.
#[derive(Debug)]
pub struct Pace {
    full_per_s: Option<f64>,
    state: Mutex<LimiterState>,
    /// The rate shared by many processes: the pacer gives the permits.
    shared: Option<SharedPace>,
}

#[derive(Debug)]
struct LimiterState {
    per_s: f64,
    /// When the next unit is available.
    next: Option<Instant>,
    /// No requests before this time.
    held_until: Option<Instant>,
    /// When the rate was last halved: throttling of requests sent before is not new information.
    cut_at: Option<Instant>,
    usage_cut_at: Option<Instant>,
}

impl Pace {
    /// A limit of n units per second; `None`, or a rate that is not above 0, means no limit.
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

    /// A rate shared by many processes. Without the pacer, this process continues alone, at the slowest share of its
    /// own rate.
    pub fn shared(per_s: f64, shared: SharedPace) -> Self {
        let alone = Self { shared: Some(shared), ..Self::new(Some(per_s * SLOWEST)) };
        alone.rest(Instant::now());
        alone
    }

    /// Waits until `units` may be used. Returns false if the run was stopped first.
    pub fn take(&self, units: f64, clock: &dyn Clock, stop: &Stop) -> bool {
        let mut turn = None;
        loop {
            match self.shared.as_ref().map(|shared| shared.take(clock, stop)) {
                Some(Permit::Given) => {
                    self.slow_as_all();
                    self.rest(clock.now());
                    return self.wait_out(clock, stop);
                }
                Some(Permit::Stopped) => return false,
                Some(Permit::Lost) if self.slow_as_all() => self.rest(clock.now()),
                Some(Permit::Lost) | None => {}
            }
            let now = clock.now();
            let slot = *turn.get_or_insert_with(|| now + self.reserve(units, now));
            let left = slot.saturating_duration_since(now);
            // The turn of a process alone may be minutes away, and the pacer back before that.
            let wait = if self.shared.is_some() { left.min(LOOK_AGAIN) } else { left };
            if !clock.sleep(wait, stop) {
                return false;
            }
            if wait < left {
                continue;
            }
            turn = None;
            // If a hold began meanwhile, wait for its end too; if the pacer is back, its permit counts.
            let is_held = self.lock().held_until.is_some_and(|end| end > clock.now());
            if !is_held && self.shared.as_ref().is_none_or(SharedPace::is_lost) {
                return !stop.is_set();
            }
        }
    }

    /// For the case that the pacer is lost: this process then continues at the slowest share of the lower of its own
    /// rate and the pacer's. Returns true if that lowers its rate.
    fn slow_as_all(&self) -> bool {
        let of_all = self.shared.as_ref().and_then(SharedPace::of_all_per_s);
        let (Some(alone), Some(of_all)) = (self.full_per_s, of_all) else { return false };
        let per_s = alone.min(of_all * SLOWEST);
        let before = std::mem::replace(&mut self.lock().per_s, per_s);
        per_s < before
    }

    /// Waits for the end of a hold.
    fn wait_out(&self, clock: &dyn Clock, stop: &Stop) -> bool {
        let held_until = self.lock().held_until;
        let left = held_until.map(|end| end.saturating_duration_since(clock.now()));
        clock.sleep(left.unwrap_or_default(), stop) && !stop.is_set()
    }

    /// If the pacer is lost, the next request waits a full interval: what the other processes do is then unknown.
    fn rest(&self, now: Instant) {
        let mut state = self.lock();
        state.next = state.next.max(Some(now + turn(1.0, state.per_s)));
    }

    /// Reserves a unit that is available within `most`, and returns the wait; otherwise returns how far off it is.
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

    /// How long the current hold lasts.
    pub fn held(&self, now: Instant) -> Duration {
        let held_until = self.lock().held_until;
        held_until.map_or(Duration::ZERO, |end| end.saturating_duration_since(now))
    }

    /// The current rate in units per second; `None` if there is no limit, or if the pacer has it.
    pub fn per_s(&self) -> Option<f64> {
        self.full_per_s.filter(|_| self.shared.is_none())?;
        self.full_per_s.map(|_| self.lock().per_s)
    }

    /// Throttling, in the response to a request sent at `sent`: no requests until the hold is over, and then half the
    /// rate. Returns true if this is new, and not one of several requests that were in flight when the rate was halved.
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

    /// A good answer, with the app's usage in percent if the service sent it.
    pub fn answered(&self, now: Instant, usage_percent: Option<f64>) {
        if let Some(shared) = &self.shared {
            // The rate for continuing alone stays as slow as it is.
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
            // Idle time is not saved up: answers take a second each, so a burst would only bunch them.
            state.next = Some(slot + turn(units, state.per_s));
        }
        slot - now
    }

    fn lock(&self) -> MutexGuard<'_, LimiterState> {
        // The state is consistent after each statement, so a thread that panicked left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time for n units at a rate; at a rate near 0 it is one day.
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
