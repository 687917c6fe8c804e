//! How long to wait before a retry, and how many retries there are.

use std::time::{Duration, SystemTime};

pub use crate::threads::Stop;

use super::classify::{ResponseClass, RetryPolicy};

/// The limit of a wait, in units of `--retry-wait`.
const CAP_UNITS: f64 = 120.0;
/// The longest wait that a Retry-After may set: beyond that, another run is better.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// How often to retry, and how long to wait.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The number of retries.
    pub retries: u32,
    /// The unit of every wait.
    pub unit: Duration,
    /// Request again once if the object is reported as gone: the service sometimes takes that back.
    pub confirms: bool,
}

/// The tries of one request so far.
#[derive(Debug, Default)]
pub struct Stats {
    tries: u32,
    unexplained: u32,
    missing: u32,
}

impl Stats {
    /// The number of retries.
    pub fn repeats(&self) -> u32 {
        self.tries
    }

    /// How long to wait before the next try, or `None` if the verdict stands.
    pub fn next_wait(
        &mut self,
        verdict: &ResponseClass,
        after: Option<Duration>,
        policy: &Policy,
    ) -> Option<Duration> {
        let units = match verdict {
            ResponseClass::Again(RetryPolicy::Twice, _) => {
                count(&mut self.unexplained, 2).map(|()| 0)?
            }
            ResponseClass::MaybeEmpty => count(&mut self.missing, 1).map(|()| 0)?,
            ResponseClass::Gone(_) if policy.confirms => count(&mut self.missing, 1).map(|()| 0)?,
            ResponseClass::Again(RetryPolicy::Many, _) | ResponseClass::Broken(_) => 0,
            ResponseClass::Throttled(units, _) => *units,
            _ => return None,
        };
        let n = self.tries;
        count(&mut self.tries, policy.retries)?;
        let least = after.map_or(policy.unit * units, |after| after.min(LONGEST_RETRY_AFTER));
        Some(least + full_jitter(n, policy.unit, fastrand::f64()))
    }
}

/// A wait between nothing and unit x 2^n, capped: `share` (0..1) selects where.
pub fn full_jitter(n: u32, unit: Duration, share: f64) -> Duration {
    unit.mul_f64(2f64.powi(n.min(30) as i32).min(CAP_UNITS) * share)
}

/// The wait in a Retry-After header, in seconds or as a date (RFC 9110, section 10.2.3).
pub fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    let seconds = text.parse().ok().map(Duration::from_secs);
    seconds.or_else(|| {
        Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default())
    })
}

fn count(tries: &mut u32, most: u32) -> Option<()> {
    (*tries < most).then(|| *tries += 1)
}

#[cfg(test)]
mod tests;
