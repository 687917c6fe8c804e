//! The least that must come of a body, so that one that drips ends.

use super::no_answer::NoAnswer;
use std::time::Duration;

/// Far below the slowest line that anybody fetches pictures by, even with all threads at work.
pub const LEAST_BYTES_PER_S: f64 = 1000.0;

/// Counts what came while we waited for it. Time in which we did not read does not count.
#[derive(Debug)]
pub struct ThroughputFloor {
    window: Duration,
    waited: Duration,
    bytes: u64,
}

impl ThroughputFloor {
    /// Looks at each window of this length by itself, so that a quick start does not pay for hours.
    pub fn new(window: Duration) -> Self {
        Self { window, waited: Duration::ZERO, bytes: 0 }
    }

    /// So many bytes came after such a wait; an error when it was too little for too long.
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
