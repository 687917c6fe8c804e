//! Groups whose rows stand together in the input: one is open, and those before it are closed. Not the rows of the groups.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::camera_key::folder_of;
use super::capture_facts::sequence_key;
use crate::row::{Field, Row};

/// Which groups have been, by digests of their keys: some 40 bytes of each.
#[derive(Default)]
pub struct SortedGroups {
    open: Option<String>,
    closed: HashSet<[u8; 16]>,
}

/// What a row means for the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupChange {
    /// It is of the group that is open, or the first row of all.
    Same,
    /// It is the first one of its group: the one before is complete.
    Next,
}

/// A row of a group that is closed: what was said of the group is wrong.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rows of {0} do not stand together: others came in between; leave out --sorted")]
pub struct NotAdjacent(String);

impl SortedGroups {
    /// Takes the next row, by its sequence, or by folder and camera where it has none.
    ///
    /// # Errors
    /// Its group is closed. The one that is open stays open.
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

/// Two keys with one digest would fail a row that is sound: no two are known.
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
