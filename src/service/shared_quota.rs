//! One quota shared by many processes: who may send a request and when, by kind, and the throttling reported to all.
//! The rates are those of [`super::rate_limiter`]; no sockets here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::rate_limiter::{Pace, Rates};
use super::request::Request;

/// The kinds that have a quota, by their names in the protocol.
pub const KINDS: [(&str, Request); 4] = [
    ("entity", Request::Entity),
    ("search", Request::Search),
    ("tile", Request::Tile),
    ("internet-archive", Request::InternetArchive),
];

/// A process that would wait longer asks again later: a permit that is not collected is lost for all.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// The most good answers that one process may report at once.
const MOST_GOOD: u32 = 1000;
/// The longest hold that a process can set.
const LONGEST_HOLD: Duration = Duration::from_secs(3600);

/// The rates, and counts of the permits given.
#[derive(Debug)]
pub struct Permits {
    kinds: [Kind; 4],
}

#[derive(Debug)]
struct Kind {
    pace: Pace,
    given: AtomicU64,
    throttles: AtomicU64,
}

/// When a process may send its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermitTime {
    /// After this time, if [`Permits::is_due`] then agrees.
    In(Duration),
    /// Not yet known: ask again after this time.
    Later(Duration),
}

/// The index of a kind in [`KINDS`].
pub fn kind(name: &str) -> Option<usize> {
    KINDS.iter().position(|(known, _)| *known == name)
}

impl Permits {
    pub fn new(rates: Rates) -> Permits {
        let all = [rates.entity, rates.search, rates.tile, rates.internet_archive];
        let kind = |per_s| Kind {
            pace: Pace::new(Some(per_s)),
            given: AtomicU64::new(0),
            throttles: AtomicU64::new(0),
        };
        Permits { kinds: all.map(kind) }
    }

    /// A permit for a request of this kind.
    pub fn ask(&self, kind: usize, now: Instant) -> PermitTime {
        match self.kinds[kind].pace.reserve_within(LONGEST_WAIT, now) {
            Ok(wait) => PermitTime::In(wait),
            Err(wait) => PermitTime::Later(wait.min(LONGEST_WAIT)),
        }
    }

    /// Whether a permit whose time has come is valid: not if a process was throttled meanwhile.
    pub fn is_due(&self, kind: usize, now: Instant) -> bool {
        let is_due = self.kinds[kind].pace.held(now).is_zero();
        self.kinds[kind].given.fetch_add(u64::from(is_due), Ordering::Relaxed);
        is_due
    }

    /// The current rate of this kind, in requests per second.
    pub fn per_s(&self, kind: usize) -> Option<f64> {
        self.kinds[kind].pace.per_s()
    }

    /// How long a throttle still pauses all requests of this kind.
    pub fn held(&self, kind: usize, now: Instant) -> Duration {
        self.kinds[kind].pace.held(now)
    }

    /// Reports good answers since the last report of a process.
    pub fn report(&self, kind: usize, good: u32, usage_percent: Option<f64>, now: Instant) {
        let pace = &self.kinds[kind].pace;
        (0..good.min(MOST_GOOD)).for_each(|_| pace.answered(now, None));
        if usage_percent.is_some() {
            pace.answered(now, usage_percent);
        }
    }

    /// Reports that a process was throttled, in the response to a request sent `asked_ago` ago.
    pub fn throttle(&self, kind: usize, asked_ago: Duration, hold: Duration, now: Instant) {
        let asked = now.checked_sub(asked_ago).unwrap_or(now);
        let kind = &self.kinds[kind];
        let is_news = kind.pace.slow_down(asked, now, hold.min(LONGEST_HOLD));
        kind.throttles.fetch_add(u64::from(is_news), Ordering::Relaxed);
    }

    /// The permits given so far, and the current rates.
    pub fn status(&self, now: Instant) -> Value {
        let of = |kind: &Kind| {
            json!({
                "per_s": kind.pace.per_s(),
                "given": kind.given.load(Ordering::Relaxed),
                "throttles": kind.throttles.load(Ordering::Relaxed),
                "held_s": kind.pace.held(now).as_secs_f64(),
            })
        };
        let kinds = KINDS.iter().zip(&self.kinds);
        kinds.map(|((name, _), kind)| (name.to_string(), of(kind))).collect()
    }
}

#[cfg(test)]
mod tests;
