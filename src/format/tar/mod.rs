//! Tars that are the same bytes wherever they are made, and tars of others.
//!
//! The bodies of members never pass through here: only what stands before,
//! between and behind them.

mod read;
mod write;

pub use read::{Entry, Stopped, number, read};
pub use write::{check_name, end_len, header, normal, padding_len};

/// Everything in a tar is a multiple of this (POSIX.1-2024, pax, ustar interchange format).
pub const BLOCK: u64 = 512;

/// A tar ends at a multiple of this, as GNU tar has it by habit.
pub const RECORD: u64 = 10_240;

/// Where a header keeps what (POSIX.1-2024, pax, ustar header block).
mod field {
    use std::ops::Range;

    pub const NAME: Range<usize> = 0..100;
    pub const MODE: Range<usize> = 100..108;
    pub const UID: Range<usize> = 108..116;
    pub const GID: Range<usize> = 116..124;
    pub const SIZE: Range<usize> = 124..136;
    pub const MTIME: Range<usize> = 136..148;
    pub const CHECKSUM: Range<usize> = 148..156;
    pub const KIND: usize = 156;
    pub const MAGIC: Range<usize> = 257..265;
    pub const DEV_MAJOR: Range<usize> = 329..337;
    pub const DEV_MINOR: Range<usize> = 337..345;
    pub const PREFIX: Range<usize> = 345..500;
}

/// A file in a tar, as its header tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Relative, with `/` between folders.
    pub name: String,
    pub size: u64,
    /// Seconds since 1970; what lies before is written as 0.
    pub modified_s: i64,
}

/// The sum of a header's bytes, its own field taken as blanks.
fn checksum(block: &[u8]) -> u64 {
    let own = |at: &usize| field::CHECKSUM.contains(at);
    let bytes = block.iter().enumerate();
    bytes.map(|(at, &byte)| u64::from(if own(&at) { b' ' } else { byte })).sum()
}
