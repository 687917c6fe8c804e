//! Random access to bytes: a block in memory, or a file that is read on demand.

mod forward;
mod read_on_demand;

use std::{fmt, io};

pub use forward::Forward;
pub use read_on_demand::Window;

use super::Malformed;

/// The size of the first read of a file. The EXIF block of a JPEG (at most 64 KB; 42 KB in the largest seen)
/// usually ends within it.
pub const HEAD: usize = 64 * 1024;

/// The maximum size of a metadata block: EXIF in a JPEG ends at 64 KB, XMP packets with an embedded preview
/// reach a few hundred KB.
pub const MAX_BLOCK: u64 = 16 * 1024 * 1024;

/// Random access to bytes.
pub trait Source {
    /// The `n` bytes from `at`; fewer at the end of the source, none beyond it.
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]>;

    /// The total number of bytes.
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

/// Exactly `n` bytes from `at`, or an error that names what was cut short.
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

/// Why a picture could not be read: an I/O error, or invalid bytes.
#[derive(Debug)]
pub enum Unread {
    Io(io::Error),
    Malformed(Malformed),
}

impl Unread {
    pub fn malformed(at: u64, what: impl Into<String>) -> Self {
        Unread::Malformed(Malformed { at: super::ErrorLocation::Byte(at), what: what.into() })
    }

    /// The fault in the bytes; an I/O error is returned as such.
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
