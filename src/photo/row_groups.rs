//! The group of each row: four bytes per row, and the key of each group once.

use std::collections::HashMap;
use std::ops::Range;

/// The group of a row without a key.
const NO_GROUP: u32 = u32::MAX;

/// The groups of the rows added so far, numbered in the order of their first rows.
#[derive(Default)]
pub struct RowGroups {
    /// Indexed by row.
    groups: Vec<u32>,
    numbers: HashMap<String, u32>,
}

/// The rows of all groups, each group in input order.
pub struct GroupedRows {
    pub rows: Vec<u32>,
    /// The start of each group in `rows`.
    starts: Vec<usize>,
}

impl RowGroups {
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Adds the next row and returns its group. A row without a key is in no group.
    pub fn push(&mut self, key: Option<String>) -> Option<u32> {
        // There are at most as many groups as rows, and row numbers fit into four bytes.
        let next = self.numbers.len() as u32;
        let group = key.map(|key| *self.numbers.entry(key).or_insert(next));
        self.groups.push(group.unwrap_or(NO_GROUP));
        group
    }

    /// The rows group by group.
    pub fn grouped(&self) -> GroupedRows {
        let mut starts = vec![0; self.numbers.len() + 1];
        let members = || self.groups.iter().enumerate().filter(|(_, group)| **group != NO_GROUP);
        members().for_each(|(_, &group)| starts[group as usize + 1] += 1);
        for group in 1..starts.len() {
            starts[group] += starts[group - 1];
        }
        let mut rows = vec![0; starts.pop().unwrap_or_default()];
        let mut next = starts.clone();
        for (row, &group) in members() {
            rows[next[group as usize]] = row as u32;
            next[group as usize] += 1;
        }
        GroupedRows { rows, starts }
    }

    /// The keys of the groups, by number.
    pub fn into_keys(self) -> Vec<String> {
        let mut keys = vec![String::new(); self.numbers.len()];
        self.numbers.into_iter().for_each(|(key, number)| keys[number as usize] = key);
        keys
    }
}

impl GroupedRows {
    /// The number of groups.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The range of `rows` that belongs to a group.
    pub fn range(&self, group: usize) -> Range<usize> {
        self.starts[group]..self.starts.get(group + 1).copied().unwrap_or(self.rows.len())
    }
}

#[cfg(test)]
mod tests;
