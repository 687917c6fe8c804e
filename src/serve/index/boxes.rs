//! A packed R-tree of sequence bounding boxes (Kamel and Faloutsos, 1993): boxes near each other along the Z-order
//! curve have a common parent box, and so on up to one root.

use std::io;

use super::layout::{BoxRecord, Table};
use super::storage::Storage;
use super::tables::Tables;
use super::z_order;

/// The number of boxes with a common parent.
const FAN: u64 = 16;

impl BoxRecord {
    /// The bounding box of these units.
    pub fn around(units: impl Iterator<Item = (u32, u32)>, number: u32) -> Option<BoxRecord> {
        let one = |(x, y)| BoxRecord { west: x, north: y, east: x, south: y, number };
        units.map(one).reduce(BoxRecord::with)
    }

    /// The box around both, with the number of the first.
    pub fn with(self, other: BoxRecord) -> BoxRecord {
        BoxRecord {
            west: self.west.min(other.west),
            north: self.north.min(other.north),
            east: self.east.max(other.east),
            south: self.south.max(other.south),
            number: self.number,
        }
    }

    fn meets(&self, other: &BoxRecord) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.north <= other.south
            && other.north <= self.south
    }
}

/// The boxes in storage order: the given ones, sorted, then one around each sixteen, and so on; the last record holds
/// the number of given boxes.
pub fn tree(mut boxes: Vec<BoxRecord>) -> Vec<BoxRecord> {
    let middle = |a: u32, b: u32| a + (b - a) / 2;
    boxes.sort_by_cached_key(|one| {
        (z_order::key((middle(one.west, one.east), middle(one.north, one.south))), one.number)
    });
    let given = boxes.len();
    let mut level = 0..given;
    while level.len() as u64 > FAN {
        let groups = boxes[level.clone()].chunks(FAN as usize);
        let above: Vec<BoxRecord> =
            groups.filter_map(|group| group.iter().copied().reduce(BoxRecord::with)).collect();
        level = boxes.len()..boxes.len() + above.len();
        boxes.extend(above);
    }
    let last = BoxRecord { west: 0, north: 0, east: 0, south: 0, number: given as u32 };
    boxes.push(last);
    boxes
}

/// The boxes that intersect the window, in the order of their numbers.
pub fn search(
    tables: &Tables,
    storage: &Storage,
    table: Table,
    window: &BoxRecord,
) -> io::Result<Vec<BoxRecord>> {
    let Some(last) = tables.len::<BoxRecord>(table).checked_sub(1) else { return Ok(Vec::new()) };
    let given = u64::from(tables.one::<BoxRecord>(storage, table, last)?.number);
    let mut levels = vec![(0, given)];
    while let Some(&(first, count)) = levels.last().filter(|(_, count)| *count > FAN) {
        levels.push((first + count, count.div_ceil(FAN)));
    }
    let mut found = Vec::new();
    let mut waiting = vec![(levels.len() - 1, 0, levels[levels.len() - 1].1)];
    while let Some((level, from, count)) = waiting.pop() {
        let start = levels[level].0 + from;
        let boxes: Vec<BoxRecord> = tables.get(storage, table, start..start + count)?;
        for (at, one) in (from..).zip(boxes).filter(|(_, one)| one.meets(window)) {
            match level.checked_sub(1) {
                None => found.push(one),
                Some(below) => {
                    let rest = levels[below].1.saturating_sub(at * FAN);
                    waiting.push((below, at * FAN, rest.min(FAN)));
                }
            }
        }
    }
    found.sort_unstable_by_key(|one| one.number);
    Ok(found)
}

#[cfg(test)]
mod tests;
