//! Reads the headers of a tar made by any program: V7, ustar, pax, star, and GNU tar's long names and sparse
//! files. It reads forward only, so a stream is enough.

mod entry;

use entry::without_body;
pub use entry::{EntryKind, TarEntry};

use super::extended::Extended;
use super::header::{Header, HeaderBlock, find};
use super::sparse::Map;
use super::stopped::Stopped;
use super::{BLOCK, EntryError};
use crate::format::source::{Source, Unread, exactly};

/// The maximum length of a record. Long names and pax records in real tars have a few hundred bytes, file
/// attributes about ten thousand.
const MAX_RECORDS: u64 = 1 << 20;

/// The next step of reading a tar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TarStep {
    Entry(TarEntry),
    /// After the end of one tar, another begins at this offset.
    Joined(u64),
    Stopped(Stopped),
}

/// The entries of a tar, in sequence.
pub struct Entries<S> {
    source: S,
    at: u64,
    /// Where the last body ends, without the zeros after it.
    body_end: u64,
    /// Whether the previous block was empty.
    is_ended: bool,
    /// The records for the next entry, and where they began.
    local: Option<(Extended, u64)>,
    global: Extended,
}

impl<S: Source> Entries<S> {
    pub fn new(source: S) -> Self {
        Entries::starting_at(source, 0)
    }

    /// Starts at the offset of a header.
    pub fn starting_at(source: S, at: u64) -> Self {
        let global = Extended::default();
        Entries { source, at, body_end: at, is_ended: false, local: None, global }
    }

    /// The source from which bodies can be read; in a stream, before the next step.
    pub fn source(&mut self) -> &mut S {
        &mut self.source
    }

    /// Returns the next step; after [`TarStep::Stopped`] always the same one.
    ///
    /// # Errors
    /// Only errors of the source itself.
    pub fn step(&mut self) -> std::io::Result<TarStep> {
        loop {
            match self.advance() {
                Ok(Some(step)) => return Ok(step),
                Ok(None) => {}
                Err(unread) => {
                    return Ok(TarStep::Stopped(Stopped::Malformed(unread.into_malformed()?)));
                }
            }
        }
    }

    /// Advances one block, with the records after it; `None` if it contains no entry.
    fn advance(&mut self) -> Result<Option<TarStep>, Unread> {
        let at = self.at;
        let header = match find(&mut self.source, at)? {
            HeaderBlock::Header(header) => header,
            HeaderBlock::Empty if self.local.is_some() => {
                return Err(Unread::malformed(at, "a long name without its file"));
            }
            HeaderBlock::Empty => {
                (self.is_ended, self.at) = (true, at + BLOCK);
                return Ok(None);
            }
            HeaderBlock::Ended(rest, is_empty) => return self.ended(rest, is_empty).map(Some),
            HeaderBlock::Other => return Err(Unread::malformed(at, self.why_no_header())),
        };
        if std::mem::take(&mut self.is_ended) {
            self.global = Extended::default();
            return Ok(Some(TarStep::Joined(at)));
        }
        match header.kind() {
            kind @ (b'x' | b'X' | b'g' | b'L' | b'K') => self.take_records(kind, &header)?,
            // The volume label of the tar.
            b'V' => self.at = after(at + BLOCK, header.size(at)?)?,
            _ => return self.entry(&header).map(|entry| Some(TarStep::Entry(entry))),
        }
        Ok(None)
    }

    fn ended(&self, rest: usize, is_empty: bool) -> Result<TarStep, Unread> {
        let end = self.at.saturating_add(rest as u64).min(self.source.size());
        let wrong = |what| Err(Unread::malformed(end, what));
        Ok(TarStep::Stopped(match () {
            () if self.source.size() < self.body_end => Stopped::Cut(self.source.size()),
            () if self.local.is_some() => return wrong("a long name without its file"),
            () if self.is_ended && is_empty => Stopped::End(self.at),
            () if self.is_ended => return wrong("what is behind the end of the tar is none"),
            () if end == 0 => return wrong("an empty file, which is not a tar"),
            () if !is_empty => return wrong("a header is incomplete"),
            () => Stopped::Open(end),
        }))
    }

    fn why_no_header(&self) -> &'static str {
        match (self.at, self.is_ended) {
            (0, _) => "it is not a tar",
            (_, true) => "what is behind the end of the tar is none",
            (_, false) => "a header whose sum is wrong",
        }
    }

    fn take_records(&mut self, kind: u8, header: &Header) -> Result<(), Unread> {
        let (at, len) = (self.at, header.size(self.at)?);
        if len > MAX_RECORDS {
            return Err(Unread::malformed(at, format!("a long name of {len} bytes")));
        }
        let bytes = exactly(&mut self.source, at + BLOCK, len as usize, "a long name")?;
        let local = || (self.global.clone(), at);
        match kind {
            b'g' => self.global.take(bytes),
            b'x' | b'X' => self.local.get_or_insert_with(local).0.take(bytes),
            kind => {
                let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
                let (extended, _) = self.local.get_or_insert_with(local);
                let place = if kind == b'L' { &mut extended.name } else { &mut extended.link };
                *place = Some(bytes[..end].to_vec());
            }
        }
        self.at = after(at + BLOCK, len)?;
        Ok(())
    }

    fn entry(&mut self, header: &Header) -> Result<TarEntry, Unread> {
        let at = self.at;
        let (extended, header_at) = self.local.take().unwrap_or_else(|| (self.global.clone(), at));
        let stored = extended.size.map_or_else(|| header.size(at), Ok)?;
        let told = extended.sparse.name.as_ref().or(extended.name.as_ref());
        let name = told.cloned().unwrap_or_else(|| header.name());
        let modified = extended.modified.or_else(|| header.modified());
        let body_at = at + BLOCK;
        let (kind, size) = (EntryKind::File, 0);
        let mut entry = TarEntry { name: String::new(), size, modified, kind, header_at, body_at };
        let mut body = (body_at, stored);
        match header.kind() {
            // Old tars mark folders this way.
            b'0' | b'\0' | b'7' if name.ends_with(b"/") => entry.kind = EntryKind::Folder,
            b'0' | b'\0' | b'7' => self.file(&mut entry, &extended, stored)?,
            b'S' => {
                let map = Map::of_header(&mut self.source, header, at, stored)?;
                body.0 = map.at;
                entry.take_map(map);
            }
            // pax may write a hard link with its data repeated.
            b'1' if stored > 0 && self.has_body_at(body_at)? => {
                self.file(&mut entry, &extended, stored)?;
            }
            // Links and folders have no body, whatever their size field is (as in libarchive and Python).
            kind @ b'1'..=b'6' => {
                body.1 = 0;
                let link = extended.link.clone().unwrap_or_else(|| header.link());
                entry.kind = without_body(kind, &link);
            }
            b'D' => entry.kind = EntryKind::Folder,
            b'M' => entry.kind = EntryKind::Unread(EntryError::OtherVolume),
            kind => entry.kind = EntryKind::Unread(EntryError::UnknownKind { kind }),
        }
        entry.take_name(&name);
        if let Some(fault) = extended.fault {
            entry.kind = EntryKind::Unread(fault);
        }
        self.pass(&mut entry, body)?;
        Ok(entry)
    }

    fn file(
        &mut self,
        entry: &mut TarEntry,
        extended: &Extended,
        stored: u64,
    ) -> Result<(), Unread> {
        entry.size = stored;
        if extended.sparse.is_sparse() {
            let told = extended.sparse.clone();
            entry.take_map(told.map(&mut self.source, entry.body_at, stored)?);
        }
        Ok(())
    }

    /// Whether a hard link with a size really has a body.
    fn has_body_at(&mut self, at: u64) -> Result<bool, Unread> {
        Ok(matches!(find(&mut self.source, at)?, HeaderBlock::Other))
    }

    /// Skips the body of an entry, as far as it is present.
    fn pass(&mut self, entry: &mut TarEntry, (from, stored): (u64, u64)) -> Result<(), Unread> {
        self.at = after(from, stored)?;
        self.body_end = from + stored;
        if self.body_end > self.source.size() {
            let end = self.source.size();
            entry.kind = EntryKind::Unread(EntryError::CutShort { end });
        }
        Ok(())
    }
}

/// The first block after a body.
fn after(from: u64, len: u64) -> Result<u64, Unread> {
    let end = from.checked_add(len).and_then(|end| end.checked_next_multiple_of(BLOCK));
    end.ok_or_else(|| Unread::malformed(from, format!("a length of {len} bytes")))
}

#[cfg(test)]
mod tests;
