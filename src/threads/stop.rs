//! The number of threads, and the stop flag.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The interval after which a sleeping thread notices that the run has ended.
const SLICE: Duration = Duration::from_millis(50);

/// The flag with which a run stops its waiting threads.
#[derive(Debug, Clone, Default)]
pub struct Stop(pub Arc<AtomicBool>);

impl Stop {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Sleeps; false if the run ended before the time was over.
    pub fn sleep(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            if self.is_set() {
                return false;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(SLICE));
        }
    }
}

/// The number of parallel jobs, and whether to stop.
#[derive(Debug, Clone, Default)]
pub struct Work {
    pub jobs: usize,
    pub stop: Stop,
}

impl Work {
    /// As many threads as there are processors, without a stop.
    pub fn on_all_processors() -> Work {
        let jobs = thread::available_parallelism().map_or(1, usize::from);
        Work { jobs, stop: Stop::default() }
    }
}
