//! Room inside a block that is as full as it may be: zeros that nothing points to, padding of other
//! writers, what gives way, and old copies of directories. Other blocks grow at their end instead.

use std::ops::Range;

use super::{
    Dir,
    plan::{Plan, Slot},
    tags::pointers,
    tree::{self, Directory, IfdEntry, Tree},
    value::{Order, element_size, kind},
};

/// Zeros that are shorter may belong to what stands before or behind them.
const MIN_ZEROS: usize = 64;
/// So many of longer ones stay on either side.
const GUARD: usize = 16;
/// Makers begin the directory of their note behind names of such lengths.
const NOTE_STARTS: [usize; 9] = [0, 6, 8, 10, 12, 14, 16, 18, 26];
/// No maker's directory has more entries.
const MAX_NOTE_ENTRIES: usize = 500;
/// An old directory of fewer entries is taken for chance.
const MIN_OLD_ENTRIES: usize = 3;

/// Ranges that may be written over, in their order.
#[derive(Debug, Default)]
pub(super) struct Room(Vec<Range<usize>>);

impl Room {
    /// Takes the first range that is long enough, at an even place.
    pub fn take(&mut self, len: usize) -> Option<usize> {
        let fits = |gap: &&mut Range<usize>| gap.start.next_multiple_of(2) + len <= gap.end;
        let gap = self.0.iter_mut().find(fits)?;
        let at = gap.start.next_multiple_of(2);
        gap.start = at + len;
        Some(at)
    }
}

/// The room in a block whose directories are all placed anew, with their padding left out. What
/// gives way is filled with zeros.
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
    // Values that overlapped do so here too.
    Room(joined([freed, zeros].concat()))
}

/// Whether no directory leads to others that are not read here.
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

/// All that stands in the block and stays where it is.
fn used(base: &[u8], tree: &Tree, plans: &[Plan]) -> Vec<Range<usize>> {
    let mut used: Vec<Range<usize>> = std::iter::once(0..8).collect();
    for directory in &tree.directories {
        used.extend(pictures(base, directory, tree.order));
        if plans.iter().all(|plan| plan.dir != directory.dir) {
            used.extend(ranges(directory));
        }
    }
    for (tag, place) in
        plans.iter().flat_map(|plan| &plan.slots).filter_map(|slot| slot.stays(tree.order))
    {
        if tag == pointers::MAKER_NOTE {
            used.extend(of_note(base, &place));
        }
        used.push(place);
    }
    used
}

/// Where a directory's table stands, and its values.
fn ranges(directory: &Directory) -> Vec<Range<usize>> {
    let table = range(directory.at, 6 + 12 * directory.entries.len() as u64);
    let far = directory.entries.iter().filter(|entry| entry.is_far());
    far.map(|entry| range(entry.value_at, entry.len)).chain([table]).collect()
}

fn range(at: u64, len: u64) -> Range<usize> {
    at as usize..at.saturating_add(len) as usize
}

/// The pixels that a directory leads to, as a JPEG, in strips or in tiles.
fn pictures(base: &[u8], directory: &Directory, order: Order) -> Vec<Range<usize>> {
    let numbers = |tag: u16| -> Vec<u64> {
        let entry = directory.entries.iter().find(|entry| entry.tag == tag);
        let Some(entry) = entry else { return Vec::new() };
        let size = element_size(entry.kind).unwrap_or(1) as usize;
        let bytes = if entry.is_far() {
            base.get(range(entry.value_at, entry.len))
        } else {
            Some(&entry.field[..])
        };
        let each = |bytes: &[u8]| match size {
            2 => u64::from(order.u16(bytes)),
            _ => u64::from(order.u32(bytes)),
        };
        let count = (entry.count as usize).min(base.len());
        bytes.unwrap_or_default().chunks_exact(size.max(2)).take(count).map(each).collect()
    };
    let pairs = [
        (pointers::THUMBNAIL, pointers::THUMBNAIL_LENGTH),
        (pointers::STRIP_OFFSETS, pointers::STRIP_LENGTHS),
        (pointers::TILE_OFFSETS, pointers::TILE_LENGTHS),
    ];
    let of_pair = |(places, lengths)| numbers(places).into_iter().zip(numbers(lengths));
    pairs.into_iter().flat_map(of_pair).map(|(at, len)| range(at, len)).collect()
}

/// What a maker's note may point to: of each directory that can be read in it the values, wherever
/// they would be by any way of counting.
fn of_note(base: &[u8], note: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, order) in
        NOTE_STARTS.into_iter().flat_map(|s| [(s, Order::Little), (s, Order::Big)])
    {
        let table = base.get(note.start.saturating_add(start)..).unwrap_or_default();
        let count = usize::from(order.u16(table));
        if table.len() < 2 + 12 * count || !(1..=MAX_NOTE_ENTRIES).contains(&count) {
            continue;
        }
        let entries = table[2..2 + 12 * count].as_chunks::<12>().0;
        if entries.iter().any(|entry| element_size(order.u16(&entry[2..])).is_none()) {
            continue;
        }
        for entry in entries {
            let size = element_size(order.u16(&entry[2..])).unwrap_or(1);
            let len = size * u64::from(order.u32(&entry[4..]));
            let place = u64::from(order.u32(&entry[8..]));
            let bases = [0, note.start, note.start + start, note.start + 10, note.start + 12];
            found.extend(
                bases.into_iter().filter(|_| len > 4).map(|base| range(base as u64 + place, len)),
            );
        }
    }
    found
}

/// What lies between ranges, up to `end`.
fn between(used: Vec<Range<usize>>, end: usize) -> Vec<Range<usize>> {
    let used = joined(used);
    let starts = [0].into_iter().chain(used.iter().map(|range| range.end));
    let ends = used.iter().map(|range| range.start.min(end)).chain([end]);
    starts.zip(ends).map(|(start, end)| start..end).filter(|gap| !gap.is_empty()).collect()
}

/// The same ranges in their order, those that touch as one.
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

/// Long runs of zeros, without the first and the last of them: some readers look a few bytes beyond
/// a value. Behind the end there is nobody to look.
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

/// Directories that other writers have left behind when they wrote theirs anew: whole, of tags that
/// a directory in use has too, and with nothing in the block that might be their place. Of one that
/// led to another, both are found.
fn old_directories(base: &[u8], tree: &Tree, gaps: &[Range<usize>]) -> Vec<Range<usize>> {
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

/// The directory that may have stood at this place.
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

/// Whether most of the old directory's tags are in the other one.
fn has_the_same(live: &Directory, old: &Directory) -> bool {
    let has = |entry: &&IfdEntry| live.entries.iter().any(|own| own.tag == entry.tag);
    3 * old.entries.iter().filter(has).count() >= 2 * old.entries.len()
}

/// Whether a number anywhere in the block might be this place.
fn is_named(base: &[u8], place: u32) -> bool {
    [place.to_le_bytes(), place.to_be_bytes()]
        .iter()
        .any(|number| memchr::memmem::find(base, number).is_some())
}

#[cfg(test)]
mod tests;
