//! Old copies of directories that nothing references any more.

use std::ops::Range;

use super::occupied::{MAX_NOTE_ENTRIES, ranges};
use crate::format::exif::{
    tree::{self, Directory, IfdEntry, Tree},
    value::element_size,
};

/// An old directory with fewer entries may be a coincidence.
const MIN_OLD_ENTRIES: usize = 3;

/// Directories left behind by writers that stored theirs elsewhere: complete, with tags that a directory in use
/// also has, and with no number in the block that could be their offset. If one points to another, both are
/// found.
pub(super) fn old_directories(
    base: &[u8],
    tree: &Tree,
    gaps: &[Range<usize>],
) -> Vec<Range<usize>> {
    let mut rest = base.to_vec();
    let mut found = Vec::new();
    let places = || gaps.iter().flat_map(|gap| (gap.start.next_multiple_of(2)..gap.end).step_by(2));
    let mut old: Vec<_> = places().filter_map(|at| old_directory(base, tree, gaps, at)).collect();
    loop {
        let (named, free): (Vec<_>, Vec<_>) =
            old.into_iter().partition(|old: &Directory| is_named(&rest, old.at as u32));
        if free.is_empty() {
            return found;
        }
        let own = free.iter().flat_map(ranges).filter(|own| is_inside(gaps, own));
        found.extend(own);
        found.iter().for_each(|range| rest[range.clone()].fill(0));
        old = named;
    }
}

/// The directory that may have been at this offset.
fn old_directory(base: &[u8], tree: &Tree, gaps: &[Range<usize>], at: usize) -> Option<Directory> {
    let count = usize::from(tree.order.u16(base.get(at..at + 2)?));
    if !(MIN_OLD_ENTRIES..=MAX_NOTE_ENTRIES).contains(&count)
        || !is_inside(gaps, &(at..at + 6 + 12 * count))
    {
        return None;
    }
    let old = tree::directory_at(base, tree.order, at)?;
    let is_old = old.entries.iter().all(|entry| element_size(entry.kind).is_some())
        && old.entries.is_sorted_by(|a, b| a.tag < b.tag)
        && tree.directories.iter().any(|live| has_the_same(live, &old));
    is_old.then_some(old)
}

fn is_inside(gaps: &[Range<usize>], wanted: &Range<usize>) -> bool {
    gaps.iter().any(|gap| gap.start <= wanted.start && wanted.end <= gap.end)
}

/// Whether most tags of the old directory are in the live one.
fn has_the_same(live: &Directory, old: &Directory) -> bool {
    let has = |entry: &&IfdEntry| live.entries.iter().any(|own| own.tag == entry.tag);
    3 * old.entries.iter().filter(has).count() >= 2 * old.entries.len()
}

/// Whether a number anywhere in the block could be this offset.
fn is_named(base: &[u8], place: u32) -> bool {
    [place.to_le_bytes(), place.to_be_bytes()]
        .iter()
        .any(|number| memchr::memmem::find(base, number).is_some())
}

#[cfg(test)]
mod tests;
