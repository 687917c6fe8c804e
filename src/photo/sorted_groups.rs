//! Tracks groups whose rows are adjacent in the input: one is open, the earlier ones are closed. It does not hold the
//! rows.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::camera_key::folder_of;
use super::capture_facts::sequence_key;
use crate::row::{Field, Row};

/// The groups seen so far, by digests of their keys: some 40 bytes each.
#[derive(Default)]
pub struct SortedGroups {
    open: Option<String>,
    closed: HashSet<[u8; 16]>,
}

/// What a row means for the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupChange {
    /// The row belongs to the open group, or is the first row of all.
    Same,
    /// The row is the first of its group: the previous group is complete.
    Next,
}

/// A row of a closed group: the input is not sorted as claimed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rows of {0} do not stand together: others came in between; leave out --sorted")]
pub struct NotAdjacent(String);

impl SortedGroups {
    /// Adds the next row, by its sequence, or by folder and camera if it has none.
    ///
    /// # Errors
    /// If its group is closed. The open group stays open.
    pub fn turn(&mut self, row: &Row) -> Result<GroupChange, NotAdjacent> {
        let key = sequence_key(row);
        if self.open.as_ref() == Some(&key) {
            return Ok(GroupChange::Same);
        }
        if self.closed.contains(&digest(&key)) {
            return Err(NotAdjacent(words(row)));
        }
        Ok(match self.open.replace(key) {
            None => GroupChange::Same,
            Some(last) => {
                self.closed.insert(digest(&last));
                GroupChange::Next
            }
        })
    }
}

/// Two keys with the same digest would make a valid row fail, but no such collision is known.
fn digest(key: &str) -> [u8; 16] {
    let mut digest = [0; 16];
    digest.copy_from_slice(&Sha256::digest(key)[..16]);
    digest
}

fn words(row: &Row) -> String {
    match row.get(Field::SeqId) {
        Some(sequence) => format!("sequence '{sequence}'"),
        None => format!("one camera in folder '{}'", folder_of(row)),
    }
}

#[cfg(test)]
mod tests;
