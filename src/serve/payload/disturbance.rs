//! Injected faults in a body: cut off or slowed down.

use std::task::{Context, Poll};

use super::super::buffer_pool::CHUNK_BYTES;
use super::super::slow_body::SlowBody;
use super::Payload;

impl Payload {
    /// Ends properly after `length` bytes.
    pub fn shorten(&mut self, length: u64) {
        self.left = self.left.min(length);
        self.announced = self.left;
    }

    /// Announces a length beyond the true one, and breaks the connection at the end.
    pub fn overstate(&mut self, by: u64) {
        self.announced += by;
        self.cut_after = Some(self.left);
    }

    /// Breaks the connection after `length` bytes.
    pub fn cut(&mut self, length: u64) {
        self.cut_after = Some(length);
    }

    /// Slows the rest down after `length` bytes.
    pub fn brake(&mut self, length: u64, brake: SlowBody) {
        self.brake = Some(Box::new((length, brake)));
    }

    /// Whether an injected fault cuts it off or slows it down.
    pub(super) fn is_disturbed(&self) -> bool {
        self.cut_after.is_some() || self.brake.is_some()
    }

    /// The number of bytes that may be sent now; `None` once the time of a brake is over.
    pub(super) fn braked(&mut self, context: &mut Context<'_>) -> Poll<Option<u64>> {
        match self.brake.as_deref_mut() {
            Some((free, _)) if *free > 0 => Poll::Ready(Some(*free)),
            Some((_, brake)) if self.left > 0 => {
                brake.poll(context).map(|goes_on| goes_on.then_some(brake.bytes))
            }
            _ => Poll::Ready(Some(CHUNK_BYTES)),
        }
    }
}
