//! Reports when a response takes long: once for all waiting requests to a host.
//!
//! Retry waits and holds are reported where they begin; this is about a host that has received the request and sends
//! nothing, or next to nothing: a body that trickles.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::settings::Log;
use super::throughput_floor::LEAST_BYTES_PER_S;

/// The first silence that is reported is this long,
const FIRST: Duration = Duration::from_secs(5);
/// and the following ones are longer, up to this: a host that is only slow does not cause a line for each response.
const LONGEST: Duration = Duration::from_secs(30);
/// How often the silence is checked.
const TICK: Duration = Duration::from_millis(500);

/// The requests that wait for a response.
#[derive(Debug, Default)]
pub struct SlowRequests(Mutex<WatchState>);

#[derive(Debug, Default)]
struct WatchState {
    number: u64,
    waiting: BTreeMap<u64, Waiting>,
    /// By host, the length of the silence that would be reported.
    patience: HashMap<String, Duration>,
}

#[derive(Debug)]
struct Waiting {
    host: String,
    since: Instant,
    bytes: u64,
    said: bool,
}

/// A waiting request, until this is dropped.
#[derive(Debug)]
pub struct Ticket<'a>(&'a SlowRequests, u64);

impl SlowRequests {
    pub fn begin(&self, host: &str, now: Instant) -> Ticket<'_> {
        let mut state = self.lock();
        state.number += 1;
        let number = state.number;
        let waiting = Waiting { host: host.to_owned(), since: now, bytes: 0, said: false };
        state.waiting.insert(number, waiting);
        Ticket(self, number)
    }

    /// The messages due now: a line for each host that has been silent for long.
    fn silences(&self, now: Instant, timeout: Duration) -> Vec<String> {
        let mut state = self.lock();
        let WatchState { waiting, patience, .. } = &mut *state;
        let mut hosts: BTreeMap<String, (Duration, usize, bool)> = BTreeMap::new();
        for request in waiting.values() {
            let silence = now.saturating_duration_since(request.since);
            let host = hosts.entry(request.host.clone()).or_default();
            host.0 = host.0.max(silence);
            host.1 += 1;
            host.2 |= request.said;
        }
        let mut lines = Vec::new();
        for (host, (silence, count, said)) in hosts {
            let least = patience.entry(host.clone()).or_insert(FIRST);
            if said || silence < *least {
                continue;
            }
            *least = (*least * 2).min(LONGEST);
            waiting.values_mut().filter(|one| one.host == host).for_each(|one| one.said = true);
            let requests =
                if count == 1 { "a request".into() } else { format!("{count} requests") };
            lines.push(format!(
                "'{host}' keeps {requests} waiting, for {} s by now and for up to {} s",
                silence.as_secs(),
                timeout.as_secs_f64()
            ));
        }
        lines
    }

    /// Checks for silence as long as another reference to the watch exists.
    pub fn start(self: &Arc<Self>, clock: Arc<dyn Clock>, timeout: Duration, say: Log) {
        let watch: Weak<SlowRequests> = Arc::downgrade(self);
        std::thread::spawn(move || {
            while let Some(watch) = watch.upgrade() {
                watch.silences(clock.now(), timeout).iter().for_each(|line| say(line));
                drop(watch);
                std::thread::sleep(TICK);
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, WatchState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// Restarts the wait now.
    pub fn restart(&self, now: Instant) {
        if let Some(waiting) = self.0.lock().waiting.get_mut(&self.1) {
            (waiting.since, waiting.bytes, waiting.said) = (now, 0, false);
        }
    }

    /// Counts n received bytes. If they are enough for the time, the silence starts again.
    pub fn heard(&self, now: Instant, bytes: usize) {
        let mut state = self.0.lock();
        let Some(waiting) = state.waiting.get_mut(&self.1) else { return };
        waiting.bytes += bytes as u64;
        let silence = now.saturating_duration_since(waiting.since);
        if waiting.bytes as f64 >= LEAST_BYTES_PER_S * silence.as_secs_f64() {
            (waiting.since, waiting.bytes, waiting.said) = (now, 0, false);
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting.remove(&self.1);
    }
}

#[cfg(test)]
mod tests;
