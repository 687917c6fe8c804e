//! The parts of a tar that is to be written, in its order: in memory as long as they are few, otherwise in an unnamed
//! temporary file. Memory does not grow with their number.

mod record;

use std::io;
use std::path::{Path, PathBuf};

use super::Part;
use crate::disk::spool::{Spool, SpoolReader};
use crate::disk::{Action, PathError};
use record::Shared;

/// The size of the length that is stored before each part.
const HEAD: usize = 4;

/// See the module documentation.
#[derive(Debug)]
pub struct PartStore {
    folder: PathBuf,
    spool: Spool,
    shared: Shared,
    len: usize,
    bytes: u64,
    padded: u64,
    record: Vec<u8>,
}

impl PartStore {
    /// No parts yet. The temporary file will be in this folder.
    pub fn new(folder: &Path) -> PartStore {
        PartStore {
            folder: folder.to_path_buf(),
            spool: Spool::new(folder),
            shared: Shared::new(),
            len: 0,
            bytes: 0,
            padded: 0,
            record: Vec::new(),
        }
    }

    /// Adds the next part.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn push(&mut self, part: &Part) -> Result<(), PathError> {
        self.record.clear();
        self.record.extend_from_slice(&[0; HEAD]);
        record::write(part, &mut self.shared, &mut self.record);
        let len = (self.record.len() - HEAD) as u32;
        self.record[..HEAD].copy_from_slice(&len.to_be_bytes());
        self.spool.append(&self.record)?;
        self.len += 1;
        self.bytes += part.bytes;
        self.padded += part.padded();
        Ok(())
    }

    /// Adds the next parts.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn extend<'a>(
        &mut self,
        parts: impl IntoIterator<Item = &'a Part>,
    ) -> Result<(), PathError> {
        parts.into_iter().try_for_each(|part| self.push(part))
    }

    /// The number of parts.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The sum of the lengths of the parts.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The bytes that the parts occupy in a tar, without their headers.
    pub fn padded(&self) -> u64 {
        self.padded
    }

    /// The folder of the temporary file.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The parts in their order.
    pub fn parts(&self) -> PartCursor<'_> {
        PartCursor {
            store: self,
            reader: SpoolReader::default(),
            at: 0,
            left: self.len,
            has_rows: true,
        }
    }

    /// The same with empty rows, which takes less time.
    pub fn parts_without_rows(&self) -> PartCursor<'_> {
        PartCursor { has_rows: false, ..self.parts() }
    }

    /// The parts that are kept, in their order.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn only(&self, is_kept: impl Fn(&Part) -> bool) -> Result<PartStore, PathError> {
        let mut kept = PartStore::new(&self.folder);
        for part in self.parts() {
            let part = part?;
            if is_kept(&part) {
                kept.push(&part)?;
            }
        }
        Ok(kept)
    }
}

/// Reads the parts of a store in their order.
pub struct PartCursor<'a> {
    store: &'a PartStore,
    reader: SpoolReader,
    at: u64,
    left: usize,
    has_rows: bool,
}

impl PartCursor<'_> {
    fn read(&mut self) -> Result<Part, PathError> {
        let PartStore { spool, shared, folder, .. } = self.store;
        let head = self.reader.bytes(spool, self.at, HEAD)?.try_into();
        let len = head.map_or(0, u32::from_be_bytes) as usize;
        let record = self.reader.bytes(spool, self.at + HEAD as u64, len)?;
        let part = record::read(record, shared, self.has_rows);
        self.at += (HEAD + len) as u64;
        // Another process changed the file.
        let damaged = || io::ErrorKind::InvalidData.into();
        part.ok_or_else(|| PathError::new(Action::ReadTemporary, folder, damaged()))
    }
}

impl Iterator for PartCursor<'_> {
    type Item = Result<Part, PathError>;

    fn next(&mut self) -> Option<Result<Part, PathError>> {
        self.left = self.left.checked_sub(1)?;
        Some(self.read())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

#[cfg(test)]
mod tests;
