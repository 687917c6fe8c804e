//! Whether the limit of open files is reached, so that new clients have to wait. Then connections that wait for a request
//! are closed early; clients open another for their next request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long a connection may wait for a request while others cannot connect. Each connection checks as often.
pub const IDLE: Duration = Duration::from_secs(10);

/// A limit that was reached longer ago counts as left.
const LEFT: Duration = Duration::from_secs(60);

/// The state of the limit.
#[derive(Debug)]
pub struct Crowd {
    start: Instant,
    /// When a client was last refused, in milliseconds after `start`; 0 for never.
    last_ms: AtomicU64,
    idle: Duration,
}

impl Crowd {
    /// With the time that a connection may wait for a request while others cannot connect.
    pub fn new(idle: Duration) -> Crowd {
        Crowd { start: Instant::now(), last_ms: AtomicU64::new(0), idle }
    }

    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// Notes that a client could not connect. Returns whether it is the first one for a while.
    pub fn refused(&self) -> bool {
        let now_ms = self.start.elapsed().as_millis() as u64 + 1;
        let last_ms = self.last_ms.swap(now_ms, Ordering::Relaxed);
        last_ms == 0 || now_ms - last_ms > LEFT.as_millis() as u64
    }

    /// Whether a client could not connect just now.
    pub fn is_full(&self) -> bool {
        let last_ms = self.last_ms.load(Ordering::Relaxed);
        let since_ms = (self.start.elapsed().as_millis() as u64).saturating_sub(last_ms);
        last_ms > 0 && u128::from(since_ms) <= 2 * self.idle.as_millis()
    }
}
