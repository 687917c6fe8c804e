//! Downloads pictures: streams a signed URL into the caller's sink, compares the length with the one promised, and
//! checks that the picture has its end. An interrupted download resumes where it stopped, if the host supports it.

mod expiry;
mod incoming;

use std::io::{Read, Write};
use std::time::Instant;

use reqwest::Url;
use reqwest::blocking::Response;

use super::classify::{ResponseClass, RetryPolicy};
use super::client::Client;
use super::clock::Clock;
use super::error::Error;
use super::http::{Meta, PIECE_BYTES};
use super::no_answer::NoAnswer;
use super::request::Ask;
use super::request::Request;
use super::slow_response::Ticket;
use super::throughput_floor::ThroughputFloor;
use crate::format::picture::PictureFormat as Format;

pub use expiry::{expires_s, is_fresh};

use incoming::{IncomingPicture, begin, rest_of};

/// Bytes of a body that the verdict needs.
const HEAD_BYTES: usize = 4096;

impl Client {
    /// Streams the picture, JPEG or WebP, into a sink that `start` opens for each try that begins from the start.
    /// Returns the sink with the complete picture, and the number of bytes. A URL that is no longer valid is
    /// `ErrorKind::Expired`, a sink that fails is `ErrorKind::Write`. No token is sent.
    pub fn picture<W: Write>(
        &self,
        url: &str,
        mut start: impl FnMut(Format) -> std::io::Result<W>,
    ) -> Result<(W, u64), Error> {
        let place = Url::parse(url).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
        let place = place
            .ok_or_else(|| Error::row(format!("not a picture's URL: '{}'", self.clean(url))))?;
        let mut buffer = vec![0; PIECE_BYTES];
        let mut coming = None;
        let ask = Ask::new(Request::Picture, place, 0);
        let verdict = self.repeat(&ask, |ticket| {
            let opened = self.http.open(ask.url.as_str(), rest_of(&coming).as_ref());
            let (meta, response) = match opened {
                Ok(opened) => opened,
                Err(reason) => return Ok(again(Meta::default(), reason.to_string())),
            };
            let mut body = Body { response, floor: self.http.floor(), ticket, clock: self.clock() };
            let first = match begin(&mut coming, &meta, &mut body, &mut buffer, &mut start)? {
                Ok(first) => first,
                Err(verdict) => return Ok((meta, verdict)),
            };
            let Some(picture) = &mut coming else { return Ok(again(meta, "no picture".into())) };
            let (first, cut) = first;
            picture.take(&buffer[..first])?;
            self.counts.received(first as u64);
            let verdict = match cut {
                Some(reason) => ResponseClass::Again(RetryPolicy::Many, reason),
                None => self.copy(&ask, &mut body, &mut buffer, first, picture)?,
            };
            if let ResponseClass::Broken(_) = verdict {
                coming = None;
            }
            Ok((meta, verdict))
        })?;
        match (coming, &verdict) {
            (Some(picture), ResponseClass::Ok) => Ok((picture.sink, picture.bytes)),
            _ => {
                let host = ask.url.host_str().unwrap_or_default();
                Err(self.error(&format!("'{host}{}'", ask.url.path()), &verdict))
            }
        }
    }

    /// Copies what follows the first `n` bytes. An error ends the run or the row.
    fn copy<W: Write>(
        &self,
        ask: &Ask,
        from: &mut Body<'_>,
        buffer: &mut [u8],
        mut n: usize,
        picture: &mut IncomingPicture<W>,
    ) -> Result<ResponseClass, Error> {
        let host = ask.url.host_str().unwrap_or_default();
        loop {
            self.take(&self.bytes_pace, ask.kind, n as f64, host)?;
            if self.bytes_pace.per_s().is_some() {
                // The wait was for our own limit, not for the host.
                from.ticket.restart(self.clock().now());
            }
            n = match from.read(buffer) {
                Ok(0) => return Ok(picture.verdict()),
                Ok(n) => n,
                Err(reason) => {
                    return Ok(ResponseClass::Again(RetryPolicy::Many, reason.to_string()));
                }
            };
            picture.take(&buffer[..n])?;
            self.counts.received(n as u64);
        }
    }
}

/// A body that is being received, and must not trickle.
struct Body<'a> {
    response: Response,
    floor: ThroughputFloor,
    ticket: &'a Ticket<'a>,
    clock: &'a dyn Clock,
}

impl Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, NoAnswer> {
        let start = Instant::now();
        let n = self.response.read(buffer).map_err(|error| NoAnswer::of_read(&error))?;
        // The end of the body is 0 bytes, and does not count as too slow.
        if n > 0 {
            self.floor.came(n, start.elapsed())?;
            self.ticket.heard(self.clock.now(), n);
        }
        Ok(n)
    }
}

/// Fills the buffer with as much as a verdict needs, since the first read may return a single byte; also returns why
/// the body ended sooner.
fn read_head(from: &mut Body<'_>, buffer: &mut [u8]) -> (usize, Option<String>) {
    let mut filled = 0;
    while filled < HEAD_BYTES {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(reason) => return (filled, Some(reason.to_string())),
        }
    }
    (filled, None)
}

fn again(meta: Meta, reason: String) -> (Meta, ResponseClass) {
    (meta, ResponseClass::Again(RetryPolicy::Many, reason))
}

#[cfg(test)]
mod tests;
