//! Ends a run when the service is down: after n requests in a row without an answer.
//!
//! A request counts after all its tries failed; any answer, even a refusal with a reason, resets the count. Each kind
//! of endpoint has its own count, since tiles can be barred while the Graph answers.

use std::sync::atomic::{AtomicU32, Ordering};

use super::classify::Endpoint;

/// Counts consecutive failed requests.
#[derive(Debug)]
pub struct CircuitBreaker {
    /// `None`: no limit.
    most: Option<u32>,
    failures: [AtomicU32; 5],
}

impl CircuitBreaker {
    /// Breaks after `most` failures; 0 means never.
    pub fn new(most: u32) -> Self {
        Self { most: Some(most).filter(|most| *most > 0), failures: Default::default() }
    }

    pub fn answered(&self, endpoint: Endpoint) {
        self.failures[endpoint as usize].store(0, Ordering::Relaxed);
    }

    /// Counts a failure. Returns the number of failures if it is enough to end the run.
    pub fn failed(&self, endpoint: Endpoint) -> Option<u32> {
        let failures = self.failures[endpoint as usize].fetch_add(1, Ordering::Relaxed) + 1;
        self.most.filter(|most| failures >= *most).map(|_| failures)
    }
}

#[cfg(test)]
mod tests;
