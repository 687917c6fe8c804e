//! The client's clock: the system's, or in tests one that advances as soon as it is waited for.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use super::retry::Stop;

/// Returns the time, and waits.
pub trait Clock: Debug + Send + Sync {
    fn now(&self) -> Instant;

    /// Waits. Returns false if the run was stopped first.
    fn sleep(&self, time: Duration, stop: &Stop) -> bool;
}

/// The system clock.
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
