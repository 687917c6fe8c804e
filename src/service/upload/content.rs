//! Upload content that can be read from any offset, since a session can resume anywhere.

use std::io::{self, Read};
use std::sync::Arc;

use hyper::body::Bytes;
use reqwest::blocking::Body;

use crate::service::clock::Clock;
use crate::service::rate_limiter::Pace;
use crate::service::retry::Stop;

/// Bytes of a known length.
pub trait Content: Send + Sync {
    fn len(&self) -> u64;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads some bytes at an offset; none only at the end.
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// The whole content, if it is in memory.
    fn bytes(&self) -> Option<&Bytes> {
        None
    }
}

/// Bytes in memory.
#[derive(Debug, Clone)]
pub struct Memory(pub Bytes);

impl Content for Memory {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.0.get(at as usize..).unwrap_or_default();
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }

    fn bytes(&self) -> Option<&Bytes> {
        Some(&self.0)
    }
}

/// The rate limiter for bytes, shared by all threads, and the stop of the run.
pub(super) struct Throttle {
    pub pace: Arc<Pace>,
    pub clock: Arc<dyn Clock>,
    pub stop: Stop,
}

/// The body of a request that begins at an offset.
pub(super) fn body(content: &Arc<dyn Content>, at: u64, throttle: Throttle) -> Body {
    match content.bytes() {
        Some(bytes) if throttle.pace.per_s().is_none() => {
            Body::from(bytes.slice((at as usize).min(bytes.len())..))
        }
        _ => {
            let rest = content.len().saturating_sub(at);
            Body::sized(RemainingBytes { content: Arc::clone(content), at, throttle }, rest)
        }
    }
}

/// Bytes from an offset to the end, at the configured rate.
struct RemainingBytes {
    content: Arc<dyn Content>,
    at: u64,
    throttle: Throttle,
}

impl Read for RemainingBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.content.read_at(self.at, buffer)?;
        let Throttle { pace, clock, stop } = &self.throttle;
        if !pace.take(len as f64, &**clock, stop) {
            return Err(io::Error::other("the run has ended"));
        }
        self.at += len as u64;
        Ok(len)
    }
}

#[cfg(test)]
mod tests;
