//! Time as the client sees it: the real one, or in tests one that passes as fast as it is waited for.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use super::retry::Stop;

/// Tells the time, and waits.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Instant;

    /// Waits; false when the run ended before the time was over.
    fn sleep(&self, time: Duration, stop: &Stop) -> bool;
}

/// The clock of the system.
#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, time: Duration, stop: &Stop) -> bool {
        stop.sleep(time)
    }
}
