//! The ranges of a block that are kept: directories, values, pictures, and what a maker note may point to.

use std::ops::Range;

use crate::format::exif::{
    byte_order::ByteOrder,
    plan::Plan,
    tags::pointers,
    tree::{Directory, Tree},
    value::element_size,
};

/// The directory of a maker note starts after a name of one of these lengths.
const NOTE_STARTS: [usize; 9] = [0, 6, 8, 10, 12, 14, 16, 18, 26];
/// The maximum number of entries in the directory of a maker note.
pub(super) const MAX_NOTE_ENTRIES: usize = 500;

/// All ranges of the block that stay in place.
pub(super) fn used(base: &[u8], tree: &Tree, plans: &[Plan]) -> Vec<Range<usize>> {
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

/// The ranges of a directory's table and of its values.
pub(super) fn ranges(directory: &Directory) -> Vec<Range<usize>> {
    let table = range(directory.at, 6 + 12 * directory.entries.len() as u64);
    let far = directory.entries.iter().filter(|entry| entry.is_far());
    far.map(|entry| range(entry.value_at, entry.len)).chain([table]).collect()
}

fn range(at: u64, len: u64) -> Range<usize> {
    at as usize..at.saturating_add(len) as usize
}

/// The pixels that a directory points to, as a JPEG, in strips or in tiles.
fn pictures(base: &[u8], directory: &Directory, order: ByteOrder) -> Vec<Range<usize>> {
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

/// What a maker note may point to: the values of each directory that can be read in it, at every offset that
/// they have with any base.
fn of_note(base: &[u8], note: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, order) in
        NOTE_STARTS.into_iter().flat_map(|s| [(s, ByteOrder::Little), (s, ByteOrder::Big)])
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

#[cfg(test)]
mod tests;
