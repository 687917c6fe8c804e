//! A body that comes slowly, or stops, for a while; then the connection breaks.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Holds back a body.
#[derive(Debug)]
pub struct SlowBody {
    step: Duration,
    /// How many bytes may go after each step.
    pub bytes: u64,
    left: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl SlowBody {
    /// Nothing for a time, and then the end.
    pub fn stall(time: Duration) -> SlowBody {
        SlowBody { step: time, bytes: 0, left: time, sleep: None }
    }

    /// A byte after each step, for a time.
    pub fn drip(step: Duration, time: Duration) -> SlowBody {
        SlowBody { step, bytes: 1, left: time, sleep: None }
    }

    /// Whether a step is over; false once the time is.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        let sleeping = self.sleep.get_or_insert_with(|| Box::pin(sleep(self.step)));
        if sleeping.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.left = self.left.saturating_sub(self.step);
        sleeping.as_mut().reset(Instant::now() + self.step);
        Poll::Ready(self.bytes > 0 && !self.left.is_zero())
    }
}
