//! A stream as a source, which can be read only once.

use std::io::{self, Read};

use super::{HEAD, Source};

/// A stream as a source that is only read forward: an offset before the last read is an error.
#[derive(Debug)]
pub struct Forward<R> {
    from: R,
    /// The bytes read last.
    last: Vec<u8>,
    at: u64,
    /// The end of the stream, once known.
    end: Option<u64>,
}

impl<R: Read> Forward<R> {
    pub fn new(from: R) -> Self {
        Forward { from, last: Vec::new(), at: 0, end: None }
    }

    /// Reads the next n bytes.
    fn read_on(&mut self, n: usize) -> io::Result<()> {
        let before = self.last.len();
        self.from.by_ref().take(n as u64).read_to_end(&mut self.last)?;
        if self.last.len() - before < n {
            self.end = Some(self.at + self.last.len() as u64);
        }
        Ok(())
    }
}

impl<R: Read> Source for Forward<R> {
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        if at < self.at {
            return Err(io::Error::other("a stream cannot be read backwards"));
        }
        while self.at + (self.last.len() as u64) < at && self.end.is_none() {
            let gap = at - self.at - self.last.len() as u64;
            self.at += self.last.len() as u64;
            self.last.clear();
            self.read_on(gap.min(HEAD as u64) as usize)?;
        }
        let passed = (at - self.at).min(self.last.len() as u64);
        self.last.drain(..passed as usize);
        self.at += passed;
        if self.last.len() < n && self.end.is_none() {
            self.read_on(n - self.last.len())?;
        }
        let is_beyond = at > self.at;
        Ok(if is_beyond { &[] } else { &self.last[..n.min(self.last.len())] })
    }

    /// Unknown until the end is reached; until then the stream counts as endless.
    fn size(&self) -> u64 {
        self.end.unwrap_or(u64::MAX)
    }
}
