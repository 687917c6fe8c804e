//! Bytes at places: a block in memory, or a file that is read only where it is asked.

use std::{
    fmt,
    io::{self, Read, Seek, SeekFrom},
};

use super::Malformed;

/// What is read of a file at once, before anything is known of it: the EXIF
/// block of a JPEG (at most 64 KB, 42 KB in the largest seen) mostly ends here.
pub const HEAD: usize = 64 * 1024;

/// What is read first: all that most files have before their pixels.
const START: usize = 16 * 1024;

/// A far place is read with what follows it: the next few values lie nearby.
const FAR: usize = 4 * 1024;

/// No block of metadata is larger: EXIF in a JPEG ends at 64 KB, XMP packets
/// with an embedded preview reach some hundred KB.
pub const MAX_BLOCK: u64 = 16 * 1024 * 1024;

/// Bytes that can be had by place.
pub trait Source {
    /// The `n` bytes from `at`; fewer where the source ends, none beyond it.
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]>;

    /// How many bytes there are.
    fn size(&self) -> u64;
}

impl Source for &[u8] {
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(self.len());
        Ok(&self[start..start.saturating_add(n).min(self.len())])
    }

    fn size(&self) -> u64 {
        self.len() as u64
    }
}

/// A file seen through its head, which is kept, and one more place at a time.
#[derive(Debug)]
pub struct Window<R> {
    from: R,
    size: u64,
    head: Vec<u8>,
    far: Vec<u8>,
    far_at: u64,
}

impl<R: Read + Seek> Window<R> {
    /// Reads the start: one call for the bytes, and one more to learn the size
    /// of what is longer than that.
    pub fn open(from: R) -> io::Result<Self> {
        let mut window = Window { from, size: 0, head: Vec::new(), far: Vec::new(), far_at: 0 };
        window.fill_head(START)?;
        window.size = if window.head.len() < START {
            window.head.len() as u64
        } else {
            window.from.seek(SeekFrom::End(0))?
        };
        Ok(window)
    }

    /// Reads on from where the head ends and the file stands. A buffer of the
    /// final size is filled with one call, where a growing one takes several.
    fn fill_head(&mut self, end: usize) -> io::Result<()> {
        let mut filled = self.head.len();
        self.head.resize(end, 0);
        while filled < end {
            match self.from.read(&mut self.head[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.head.truncate(filled);
                    return Err(error);
                }
            }
        }
        self.head.truncate(filled);
        Ok(())
    }
}

impl<R: Read + Seek> Source for Window<R> {
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        let end = at.saturating_add(n as u64).min(self.size);
        if at >= end {
            return Ok(&[]);
        }
        let known = self.head.len() as u64;
        if end > known && end <= HEAD as u64 {
            self.from.seek(SeekFrom::Start(known))?;
            self.fill_head(HEAD.min(self.size as usize))?;
        }
        if end <= self.head.len() as u64 {
            return Ok(&self.head[at as usize..end as usize]);
        }
        if at < self.far_at || end > self.far_at + self.far.len() as u64 {
            self.far.clear();
            self.far_at = at;
            self.from.seek(SeekFrom::Start(at))?;
            // The vector grows by what is read, not by what was asked for.
            let wanted = (end - at).max(FAR as u64);
            self.from.by_ref().take(wanted).read_to_end(&mut self.far)?;
        }
        let start = (at - self.far_at) as usize;
        let end = ((end - self.far_at) as usize).min(self.far.len());
        Ok(&self.far[start.min(end)..end])
    }

    fn size(&self) -> u64 {
        self.size
    }
}

/// A stream as a source that is only read forward: a place before what was read
/// last is an error.
#[derive(Debug)]
pub struct Forward<R> {
    from: R,
    /// What was read last, and where it lies.
    last: Vec<u8>,
    at: u64,
    /// Where the stream ends, once that is known.
    end: Option<u64>,
}

impl<R: Read> Forward<R> {
    pub fn new(from: R) -> Self {
        Forward { from, last: Vec::new(), at: 0, end: None }
    }

    /// Reads so many bytes behind what was read last.
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

    /// Not known before its end has come: then it counts as endless.
    fn size(&self) -> u64 {
        self.end.unwrap_or(u64::MAX)
    }
}

/// Exactly `n` bytes from `at`, or an error that says what was cut short.
pub fn exactly<'a>(
    source: &'a mut impl Source,
    at: u64,
    n: usize,
    what: &str,
) -> Result<&'a [u8], Unread> {
    let bytes = source.at(at, n)?;
    if bytes.len() == n {
        Ok(bytes)
    } else {
        Err(Unread::malformed(at + bytes.len() as u64, format!("{what} is incomplete")))
    }
}

/// Why a picture could not be read: the file would not, or its bytes are wrong.
#[derive(Debug)]
pub enum Unread {
    Io(io::Error),
    Malformed(Malformed),
}

impl Unread {
    pub fn malformed(at: u64, what: impl Into<String>) -> Self {
        Unread::Malformed(Malformed { at: super::ErrorLocation::Byte(at), what: what.into() })
    }

    /// What is wrong with the bytes; an error of the file itself goes on as that.
    pub fn into_malformed(self) -> io::Result<Malformed> {
        match self {
            Unread::Io(error) => Err(error),
            Unread::Malformed(malformed) => Ok(malformed),
        }
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Unread::Io(error)
    }
}

impl From<Malformed> for Unread {
    fn from(malformed: Malformed) -> Self {
        Unread::Malformed(malformed)
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Io(error) => error.fmt(f),
            Unread::Malformed(malformed) => malformed.fmt(f),
        }
    }
}

impl std::error::Error for Unread {}

#[cfg(test)]
mod tests;
