//! The members of a tar that was just written: its parts, with the offsets and digests that they have now.

use std::collections::HashMap;
use std::io;

use super::Member;
use super::part_store::{PartCursor, PartStore};
use crate::disk::spool::{Spool, SpoolReader};
use crate::disk::{Action, PathError};
use crate::value::digest::Digest;

/// See the module documentation.
#[derive(Debug)]
pub struct WrittenMembers<'a> {
    pub(super) parts: &'a PartStore,
    /// The offset of each part, and its digest.
    pub(super) places: Spool,
    /// What is wrong with pictures, by the numbers of their parts.
    pub(super) faults: HashMap<u32, String>,
}

/// The length of an offset, and with its digest.
const OFFSET: usize = 8;
const PLACE: usize = OFFSET + 32;

impl WrittenMembers<'_> {
    /// The members without their rows, in the order of the tar, and the numbers of their parts.
    ///
    /// # Errors
    /// Of the temporary file.
    pub fn members(&self) -> impl Iterator<Item = Result<(Option<u32>, Member), PathError>> {
        self.of(self.parts.parts_without_rows())
    }

    /// What is wrong with the picture of this number: it was packed as it is.
    pub fn fault_of(&self, number: Option<u32>) -> Option<&str> {
        self.faults.get(&number?).map(String::as_str)
    }

    /// The members of these parts, which are those of the tar.
    pub(super) fn of(
        &self,
        parts: PartCursor<'_>,
    ) -> impl Iterator<Item = Result<(Option<u32>, Member), PathError>> {
        let mut reader = SpoolReader::default();
        parts.zip(0..).map(move |(part, at)| {
            let part = part?;
            let (offset, sha256) = self.place(at, &mut reader)?;
            let member = Member {
                name: part.name,
                offset,
                bytes: part.bytes,
                sha256: Some(sha256),
                modified: None,
                pieces: None,
                row: part.row,
            };
            Ok((part.number, member))
        })
    }

    fn place(&self, at: u64, reader: &mut SpoolReader) -> Result<(u64, Digest), PathError> {
        let place = reader.bytes(&self.places, at * PLACE as u64, PLACE)?;
        let place = place.split_first_chunk::<OFFSET>().and_then(|(offset, sha256)| {
            Some((u64::from_be_bytes(*offset), Digest(sha256.try_into().ok()?)))
        });
        // Another process changed the file.
        let damaged = || io::ErrorKind::InvalidData.into();
        place.ok_or_else(|| PathError::new(Action::ReadTemporary, self.parts.folder(), damaged()))
    }
}
