//! Waits for a permit and between retries: they are counted, and long ones are reported.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::classify::ResponseClass;
use super::super::client::Client;
use super::super::error::Error;
use super::super::rate_limiter::{Pace, turn};
use super::super::request::{Ask, Request};

/// Longer waits are reported.
const A_FEW_SECONDS: Duration = Duration::from_secs(3);

impl Client {
    /// Waits for a permit of n units, and reports it once if permits are far apart.
    pub(in crate::service) fn take(
        &self,
        pace: &Pace,
        kind: Request,
        units: f64,
        host: &str,
    ) -> Result<(), Error> {
        let turn = pace.per_s().map(|per_s| turn(units, per_s));
        if let Some(turn) = turn.filter(|turn| *turn > A_FEW_SECONDS) {
            let slow = &self.said.slow[if units > 1.0 { 6 } else { kind as usize }];
            if !slow.swap(true, Ordering::Relaxed) {
                let what = if units > 1.0 { "read at --max-rate" } else { "asked" };
                self.tell(&format!("'{host}' is {what} once every {}", spoken(turn)));
            }
        }
        if self.waiting(|| pace.take(units, self.clock(), &self.stop)) {
            Ok(())
        } else {
            Err(Error::stopped())
        }
    }

    /// Runs a wait and counts it.
    pub(super) fn waiting(&self, wait: impl FnOnce() -> bool) -> bool {
        let start = self.clock().now();
        let is_over = wait();
        self.counts.waited_for(self.clock().now().saturating_duration_since(start));
        is_over
    }

    /// Reports a wait of more than a few seconds, unless a wait that ends as late was reported.
    pub(super) fn say_wait(
        &self,
        ask: &Ask,
        wait: Duration,
        verdict: &ResponseClass,
        (n, of): (u32, u32),
    ) {
        let end = self.clock().now() + wait;
        let until = &self.said.until[ask.kind.endpoint() as usize];
        let mut until = until.lock().unwrap_or_else(PoisonError::into_inner);
        if wait <= A_FEW_SECONDS || until.is_some_and(|until| end <= until + A_FEW_SECONDS) {
            return;
        }
        *until = Some(end);
        drop(until);
        let host = ask.url.host_str().unwrap_or_default();
        let then = match (verdict, self.pace(ask.kind).per_s()) {
            (ResponseClass::Throttled(..), Some(per_s)) => {
                format!(", then {per_s:.2} times a second")
            }
            _ => String::new(),
        };
        let reason = verdict.reason();
        self.tell(&format!(
            "waiting {} before '{host}' is asked again{then} (try {n} of {of}): {reason}",
            spoken(wait)
        ));
    }

    fn tell(&self, text: &str) {
        if let Some(say) = &self.settings.say {
            say(&self.clean(text));
        }
    }
}

/// A duration rounded for a message.
fn spoken(time: Duration) -> String {
    match time.as_secs_f64().round() as u64 {
        seconds if seconds < 120 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}

#[cfg(test)]
mod tests;
