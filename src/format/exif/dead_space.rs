//! Reusable space inside a block that has reached its maximum size: unreferenced zeros, padding of other writers, data
//! that may be overwritten, and old copies of directories. Other blocks grow at their end instead.

mod occupied;
mod old_directories;

use std::ops::Range;

use occupied::{ranges, used};
use old_directories::old_directories;

use super::{
    Dir,
    plan::{Plan, Slot},
    tags::pointers,
    tree::{Directory, IfdEntry, Tree},
    value::{element_size, kind},
};

/// Shorter runs of zeros may belong to the data before or after them.
const MIN_ZEROS: usize = 64;
/// Zeros kept on either side of a longer run.
const GUARD: usize = 16;

/// Ranges that may be overwritten, in order.
#[derive(Debug, Default)]
pub(super) struct Room(Vec<Range<usize>>);

impl Room {
    /// Takes the first range that is long enough, at an even offset.
    pub fn take(&mut self, len: usize) -> Option<usize> {
        let fits = |gap: &&mut Range<usize>| gap.start.next_multiple_of(2) + len <= gap.end;
        let gap = self.0.iter_mut().find(fits)?;
        let at = gap.start.next_multiple_of(2);
        gap.start = at + len;
        Some(at)
    }
}

/// The space in a block whose directories are all laid out again, without their padding. Data that may be overwritten
/// is filled with zeros.
pub(super) fn make(base: &mut [u8], tree: &Tree, plans: &mut [Plan]) -> Room {
    for plan in plans.iter_mut() {
        plan.home = None;
        plan.slots.retain(|slot| slot.tag != pointers::PADDING);
        plan.slots.iter_mut().for_each(Slot::leave_home);
    }
    let used = used(base, tree, plans);
    let is_apart = |gap: &Range<usize>| {
        gap.end <= base.len()
            && used.iter().all(|used| used.end <= gap.start || gap.end <= used.start)
    };
    let changed = tree.directories.iter().filter(|d| plans.iter().any(|plan| plan.dir == d.dir));
    let mut freed: Vec<_> = changed.flat_map(ranges).filter(is_apart).collect();
    let mut zeros = Vec::new();
    if is_all_known(tree) {
        let taken = |freed: &[Range<usize>]| [&used, freed].concat();
        let old = old_directories(base, tree, &between(taken(&freed), base.len()));
        freed.extend(old.into_iter().filter(is_apart));
        let gaps = between(taken(&freed), base.len());
        zeros.extend(gaps.iter().flat_map(|gap| runs_of_zeros(base, gap)));
    }
    freed.iter().for_each(|gap| base[gap.clone()].fill(0));
    // Values that overlapped also overlap here.
    Room(joined([freed, zeros].concat()))
}

/// Whether no directory points to others that are not read here.
fn is_all_known(tree: &Tree) -> bool {
    const KNOWN: [u16; 4] =
        [pointers::EXIF_IFD, pointers::GPS_IFD, pointers::INTEROP_IFD, pointers::THUMBNAIL];
    let leads_on = |directory: &Directory| {
        let is_unknown = |entry: &IfdEntry| {
            let is_pointer = entry.kind == kind::IFD && !KNOWN.contains(&entry.tag);
            is_pointer || element_size(entry.kind).is_none()
        };
        directory.dir == Dir::Sub
            || directory.dir != Dir::Main && directory.next != 0
            || directory.entries.iter().any(is_unknown)
    };
    tree.faults.is_empty() && !tree.directories.iter().any(leads_on)
}

/// The gaps between ranges, up to `end`.
fn between(used: Vec<Range<usize>>, end: usize) -> Vec<Range<usize>> {
    let used = joined(used);
    let starts = [0].into_iter().chain(used.iter().map(|range| range.end));
    let ends = used.iter().map(|range| range.start.min(end)).chain([end]);
    starts.zip(ends).map(|(start, end)| start..end).filter(|gap| !gap.is_empty()).collect()
}

/// The same ranges in order, adjacent ones merged.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

/// Long runs of zeros, without their first and last bytes, because some readers read a few bytes past a value.
/// At the end of the block there is no such reader.
fn runs_of_zeros(base: &[u8], gap: &Range<usize>) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = gap.start;
    while at < gap.end {
        let len = base[at..gap.end].iter().take_while(|byte| **byte == 0).count();
        if len >= MIN_ZEROS {
            let end = if at + len == base.len() { at + len } else { at + len - GUARD };
            runs.push(at + GUARD..end);
        }
        at += len + 1;
    }
    runs
}

#[cfg(test)]
mod tests;
