//! Groups whose rows stand together in the input: one is open, and those before it are closed. Not the rows of the groups.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::camera_key::folder_of;
use super::order::sequence_key;
use crate::row::{Field, Row};

/// Which groups have been, by digests of their keys: some 40 bytes of each.
#[derive(Default)]
pub struct SortedGroups {
    open: Option<String>,
    closed: HashSet<[u8; 16]>,
}

/// What a row means for the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is of the group that is open, or the first row of all.
    Same,
    /// It is the first one of its group: the one before is complete.
    Next,
}

/// A row of a group that is closed: what was said of the group is wrong.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rows of {0} do not stand together: others came in between; leave out --sorted")]
pub struct Parted(String);

impl SortedGroups {
    /// Takes the next row, by its sequence, or by folder and camera where it has none.
    ///
    /// # Errors
    /// Its group is closed. The one that is open stays open.
    pub fn turn(&mut self, row: &Row) -> Result<Turn, Parted> {
        let key = sequence_key(row);
        if self.open.as_ref() == Some(&key) {
            return Ok(Turn::Same);
        }
        if self.closed.contains(&digest(&key)) {
            return Err(Parted(words(row)));
        }
        Ok(match self.open.replace(key) {
            None => Turn::Same,
            Some(last) => {
                self.closed.insert(digest(&last));
                Turn::Next
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
mod tests {
    use super::*;

    fn row(sequence: &str, path: &str) -> Row {
        Row::from_cells(&[(Field::SeqId, sequence), (Field::Path, path)])
    }

    #[test]
    fn a_group_is_complete_once_another_one_begins() {
        let mut groups = SortedGroups::default();
        let mut turn = |sequence, path| groups.turn(&row(sequence, path)).unwrap();
        assert_eq!([turn("a", "1.jpg"), turn("a", "x/2.jpg")], [Turn::Same; 2]);
        assert_eq!([turn("b", ""), turn("b", "")], [Turn::Next, Turn::Same]);
        assert_eq!([turn("", "x/3.jpg"), turn("", "x/4.jpg")], [Turn::Next, Turn::Same]);
        assert_eq!(turn("", "y/5.jpg"), Turn::Next);
    }

    #[test]
    fn a_row_of_a_closed_group_is_named_and_closes_no_other() {
        let mut groups = SortedGroups::default();
        for path in ["x/1.jpg", "y/2.jpg"] {
            groups.turn(&row("", path)).unwrap();
        }
        groups.turn(&row("a", "")).unwrap();
        let parted =
            |groups: &mut SortedGroups, row: Row| groups.turn(&row).unwrap_err().to_string();
        let why = parted(&mut groups, row("", "x/3.jpg"));
        assert!(why.starts_with("the rows of one camera in folder 'x' do not stand"), "{why}");
        assert!(why.ends_with("leave out --sorted"), "{why}");
        assert_eq!(groups.turn(&row("a", "")), Ok(Turn::Same));
        groups.turn(&row("b", "")).unwrap();
        assert!(parted(&mut groups, row("a", "")).contains("sequence 'a'"));
    }
}
