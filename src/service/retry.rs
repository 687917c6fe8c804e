//! How long to wait before asking again, and how often.

use std::time::{Duration, SystemTime};

pub use crate::threads::Stop;

use super::classify::{ResponseClass, Tries};

/// The cap of a waiting time, in units of `--retry-wait`.
const CAP_UNITS: f64 = 120.0;
/// The longest wait that a Retry-After may ask for: whoever asks for more is better asked by another run.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// How often and how patiently to ask again.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Tries after the first.
    pub retries: u32,
    /// The unit of every waiting time.
    pub unit: Duration,
    /// Ask once more for what is said to be gone: the service takes it back now and then.
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
    /// The tries after the first.
    pub fn repeats(&self) -> u32 {
        self.tries
    }

    /// How long to wait before the next try, or nothing when the verdict stands.
    pub fn next_wait(
        &mut self,
        verdict: &ResponseClass,
        after: Option<Duration>,
        policy: &Policy,
    ) -> Option<Duration> {
        let units = match verdict {
            ResponseClass::Again(Tries::Twice, _) => count(&mut self.unexplained, 2).map(|()| 0)?,
            ResponseClass::MaybeEmpty => count(&mut self.missing, 1).map(|()| 0)?,
            ResponseClass::Gone(_) if policy.confirms => count(&mut self.missing, 1).map(|()| 0)?,
            ResponseClass::Again(Tries::Many, _) | ResponseClass::Broken(_) => 0,
            ResponseClass::Throttled(units, _) => *units,
            _ => return None,
        };
        let n = self.tries;
        count(&mut self.tries, policy.retries)?;
        let least = after.map_or(policy.unit * units, |after| after.min(LONGEST_RETRY_AFTER));
        Some(least + full_jitter(n, policy.unit, fastrand::f64()))
    }
}

/// A wait somewhere between nothing and unit x 2^n, capped: `share` (0..1) picks the place.
pub fn full_jitter(n: u32, unit: Duration, share: f64) -> Duration {
    unit.mul_f64(2f64.powi(n.min(30) as i32).min(CAP_UNITS) * share)
}

/// The wait that a Retry-After header asks for, in seconds or as a date (RFC 9110, section 10.2.3).
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
mod tests {
    use super::*;

    const POLICY: Policy = Policy { retries: 8, unit: Duration::from_secs(1), confirms: false };

    fn tries(verdict: ResponseClass) -> usize {
        let mut tally = Stats::default();
        std::iter::from_fn(|| tally.next_wait(&verdict, None, &POLICY)).take(99).count()
    }

    #[test]
    fn each_class_has_its_number_of_tries() {
        assert_eq!(tries(ResponseClass::Again(Tries::Many, String::new())), 8);
        assert_eq!(tries(ResponseClass::Again(Tries::Twice, String::new())), 2);
        assert_eq!(tries(ResponseClass::Throttled(1, String::new())), 8);
        assert_eq!(tries(ResponseClass::MaybeEmpty), 1);
        assert_eq!(tries(ResponseClass::BadToken(String::new())), 0);
        assert_eq!(tries(ResponseClass::Broken(String::new())), 8);
        assert_eq!(tries(ResponseClass::Gone(String::new())), 0);
        let confirming = Policy { confirms: true, ..POLICY };
        let mut tally = Stats::default();
        let gone = ResponseClass::Gone(String::new());
        assert!(tally.next_wait(&gone, None, &confirming).is_some());
        assert!(tally.next_wait(&gone, None, &confirming).is_none(), "once more, and no more");
    }

    #[test]
    fn waits_double_up_to_the_cap() {
        let unit = Duration::from_millis(10);
        assert_eq!(full_jitter(0, unit, 1.0), unit);
        assert_eq!(full_jitter(3, unit, 0.5), unit * 4);
        assert_eq!(full_jitter(9, unit, 1.0), unit * 120);
        assert_eq!(full_jitter(u32::MAX, unit, 1.0), unit * 120);
    }

    #[test]
    fn throttling_waits_at_least_its_units_or_what_the_service_says() {
        let verdict = ResponseClass::Throttled(60, String::new());
        let wait = Stats::default().next_wait(&verdict, None, &POLICY).unwrap();
        assert!((60..=61).contains(&wait.as_secs()), "{wait:?}");
        let after = Some(Duration::from_secs(7));
        let wait = Stats::default().next_wait(&verdict, after, &POLICY).unwrap();
        assert!((7..=8).contains(&wait.as_secs()), "{wait:?}");
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(retry_after(" 12 ", now), Some(Duration::from_secs(12)));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now),
            Some(Duration::from_secs(10))
        );
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn a_sleep_ends_when_the_run_does() {
        let stop = Stop::default();
        assert!(stop.sleep(Duration::from_millis(1)));
        stop.set();
        assert!(!stop.sleep(Duration::from_secs(600)));
    }
}
