//! Ends a run whose service is down: after so many requests in a row without an answer.
//!
//! A request counts once all its tries are spent; any answer, a refusal for a good reason too, begins the count anew.
//! The hosts are counted apart, since tiles can be barred while the Graph answers.

use std::sync::atomic::{AtomicU32, Ordering};

use super::classify::Endpoint;

/// Counts the requests in a row that failed.
#[derive(Debug)]
pub struct CircuitBreaker {
    /// None counts for ever.
    most: Option<u32>,
    failures: [AtomicU32; 5],
}

impl CircuitBreaker {
    /// Breaks after `most` failures; 0 never does.
    pub fn new(most: u32) -> Self {
        Self { most: Some(most).filter(|most| *most > 0), failures: Default::default() }
    }

    pub fn answered(&self, endpoint: Endpoint) {
        self.failures[endpoint as usize].store(0, Ordering::Relaxed);
    }

    /// Counts a failure; the number of them once it is enough to end the run.
    pub fn failed(&self, endpoint: Endpoint) -> Option<u32> {
        let failures = self.failures[endpoint as usize].fetch_add(1, Ordering::Relaxed) + 1;
        self.most.filter(|most| failures >= *most).map(|_| failures)
    }
}

#[cfg(test)]
mod tests;
