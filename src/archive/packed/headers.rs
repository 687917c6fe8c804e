//! Reads headers of an open tar at given places.

use std::fs::File;
use std::io;

use super::Member;
use crate::disk::positioned_io::read_at;
use crate::format::source::Source;
use crate::format::tar::{self, Entries, EntryKind, TarEntry, TarStep};

/// Passes on the files with a header at `start` or later and a body before `end`, as long as `take` wants more and their
/// headers can be read.
///
/// # Errors
/// Of reading.
pub fn files_between(
    tar: &File,
    (start, end): (u64, u64),
    mut take: impl FnMut(TarEntry) -> bool,
) -> io::Result<()> {
    let mut entries = Entries::starting_at(Places::new(tar, tar.metadata()?.len()), start);
    loop {
        match entries.step()? {
            TarStep::Entry(entry) if entry.body_at >= end => return Ok(()),
            TarStep::Entry(entry) if is_file(&entry) => {
                if !take(entry) {
                    return Ok(());
                }
            }
            TarStep::Entry(_) | TarStep::Joined(_) => {}
            TarStep::Stopped(_) => return Ok(()),
        }
    }
}

/// Whether an entry has bytes of its own.
pub fn is_file(entry: &TarEntry) -> bool {
    matches!(entry.kind, EntryKind::File | EntryKind::Sparse(_))
}

/// Where the next header may begin.
pub fn padded_end(member: &Member) -> Option<u64> {
    member.stored_end()?.checked_next_multiple_of(tar::BLOCK)
}

/// The name in the header right before a place in a tar, if it is that of a file with this offset and size.
///
/// # Errors
/// Of reading.
pub fn name_at(tar: &File, place: (u64, u64)) -> io::Result<Option<String>> {
    let header_at = place.0.checked_sub(tar::BLOCK);
    header_at.map_or(Ok(None), |header_at| name_from(tar, header_at, place))
}

/// The same by the headers from `header_at` on: the last one, and records of a long name before it.
///
/// # Errors
/// Of reading.
pub fn name_from(
    tar: &File,
    header_at: u64,
    (offset, bytes): (u64, u64),
) -> io::Result<Option<String>> {
    let places = Places::new(tar, tar.metadata()?.len());
    Ok(match Entries::starting_at(places, header_at).step()? {
        TarStep::Entry(entry) if (entry.body_at, entry.size) == (offset, bytes) => Some(entry.name),
        _ => None,
    })
}

/// A file that is read at offsets while others read it too.
pub struct Places<'a> {
    file: &'a File,
    len: u64,
    bytes: Vec<u8>,
}

impl Places<'_> {
    pub fn new(file: &File, len: u64) -> Places<'_> {
        Places { file, len, bytes: Vec::new() }
    }
}

impl Source for Places<'_> {
    fn at(&mut self, at: u64, n: usize) -> io::Result<&[u8]> {
        let len = self.len.saturating_sub(at).min(n as u64);
        self.bytes.resize(len as usize, 0);
        let read = read_at(self.file, &mut self.bytes, at)?;
        Ok(&self.bytes[..read])
    }

    fn size(&self) -> u64 {
        self.len
    }
}
