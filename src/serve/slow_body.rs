//! A body that is sent slowly or stalls for a while, after which the connection breaks.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Slows a body down.
#[derive(Debug)]
pub struct SlowBody {
    step: Duration,
    /// The number of bytes that may be sent after each step.
    pub bytes: u64,
    left: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl SlowBody {
    /// Sends nothing for a time, then breaks.
    pub fn stall(time: Duration) -> SlowBody {
        SlowBody { step: time, bytes: 0, left: time, sleep: None }
    }

    /// Sends a byte after each step, for a time.
    pub fn drip(step: Duration, time: Duration) -> SlowBody {
        SlowBody { step, bytes: 1, left: time, sleep: None }
    }

    /// Waits for the end of a step; false once the time is over.
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
