//! Writes reproducible tars, and reads tars made by other programs.
//!
//! The bodies of members never pass through here, only headers, padding and the end of the archive.

mod error;
mod extended;
mod header;
mod name;
mod read;
mod sparse;
mod stopped;
mod write;

pub use error::{EntryError, NameError};
pub use header::{file_header, is_record, is_start, number};
pub use name::{check_name, is_absolute, normal, relative};
pub use read::{Entries, EntryKind, TarEntry, TarStep};
pub use sparse::Piece;
pub use stopped::Stopped;
pub use write::{end_len, header, padding_len};

/// The block size: every part of a tar is a multiple of it (POSIX.1-2024, pax, ustar interchange format).
pub const BLOCK: u64 = 512;

/// The record size: the length of a tar is a multiple of it, by the default of GNU tar.
pub const RECORD: u64 = 10_240;

/// The maximum length of a path on the systems that these tars are for.
const MAX_NAME: usize = 4096;

/// A file to be written as a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// Relative, with `/` between folders.
    pub name: String,
    pub size: u64,
    /// Seconds since 1970; earlier times are written as 0.
    pub modified_s: i64,
}

/// When a file was modified: seconds since 1970, and their fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Modified {
    pub s: i64,
    pub ns: u32,
}

impl Modified {
    /// `None` outside the range of the file system.
    pub fn system_time(self) -> Option<std::time::SystemTime> {
        use std::time::{Duration, UNIX_EPOCH};
        let whole = Duration::from_secs(self.s.unsigned_abs());
        let second =
            if self.s < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
        second?.checked_add(Duration::from_nanos(self.ns.into()))
    }
}
