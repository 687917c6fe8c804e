//! The version of a tar that an index was made from: offsets in it are those of no other version.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// The time and the size of a tar. Not its inode: an archive may be copied together with its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TarVersion {
    modified_ns: u64,
    len: u64,
}

impl TarVersion {
    /// The number of bytes that it is stored in.
    pub const SIZE: usize = 16;

    pub fn new(meta: &Metadata) -> TarVersion {
        let since = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        // Enough until the year 2554.
        TarVersion {
            modified_ns: since.map_or(0, |since| since.as_nanos() as u64),
            len: meta.len(),
        }
    }

    /// The present version; one that no tar has if there is none. To be asked for before the tar or its index is read.
    pub fn at(tar: &Path) -> TarVersion {
        let none = TarVersion { modified_ns: 0, len: 0 };
        fs::metadata(tar).map_or(none, |meta| TarVersion::new(&meta))
    }

    pub fn to_bytes(self) -> Vec<u8> {
        [self.modified_ns.to_le_bytes(), self.len.to_le_bytes()].concat()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<TarVersion> {
        let (modified_ns, rest) = bytes.split_first_chunk()?;
        let len = u64::from_le_bytes(rest.try_into().ok()?);
        Some(TarVersion { modified_ns: u64::from_le_bytes(*modified_ns), len })
    }
}
