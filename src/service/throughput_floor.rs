//! The minimum throughput of a body: one that trickles is aborted.

use super::no_answer::NoAnswer;
use std::time::Duration;

/// Far below the slowest connection that is used to fetch pictures, even with all threads at work.
pub const LEAST_BYTES_PER_S: f64 = 1000.0;

/// Counts the bytes received while we waited for them. Time in which we did not read does not count.
#[derive(Debug)]
pub struct ThroughputFloor {
    window: Duration,
    waited: Duration,
    bytes: u64,
}

impl ThroughputFloor {
    /// Checks each window of this length separately, so that a fast start does not excuse hours of silence.
    pub fn new(window: Duration) -> Self {
        Self { window, waited: Duration::ZERO, bytes: 0 }
    }

    /// Counts n bytes after a wait; an error if there were too few for a whole window.
    pub fn came(&mut self, bytes: usize, waited: Duration) -> Result<(), NoAnswer> {
        self.waited += waited;
        self.bytes += bytes as u64;
        if self.waited < self.window {
            return Ok(());
        }
        let seconds = self.waited.as_secs_f64();
        let came = self.bytes;
        (self.waited, self.bytes) = (Duration::ZERO, 0);
        if came as f64 >= LEAST_BYTES_PER_S * seconds {
            Ok(())
        } else {
            Err(NoAnswer::TooSlow { bytes: came, seconds })
        }
    }
}

#[cfg(test)]
mod tests;
