//! The index of a multi-picture file, updated when the header grows (CIPA DC-007, 5.2).

use crate::format::exif::tags::Tag;
use crate::format::exif::{Dir, tree};
use crate::format::metadata_container::Splice;

pub(super) const NAME: &[u8] = b"MPF\0";

const MP_ENTRY: Tag = Tag { dir: Dir::Main, number: 0xB002, name: "MPEntry" };

/// One picture in the index: attributes, size, offset, two dependencies.
const ENTRY: usize = 16;

/// The splices that update the index after other splices. Sizes and offsets have 4 bytes. The first picture has
/// grown by the total. The others have moved, relative to the index, by what was inserted after the index
/// (their offsets count from its header).
pub(super) fn follow(index: &[u8], header: u64, splices: &[Splice]) -> Vec<Splice> {
    let growth: i64 = splices.iter().map(Splice::growth).sum();
    let behind = splices.iter().filter(|splice| splice.old.start > header);
    let moved: i64 = behind.map(Splice::growth).sum();
    let Ok(tree) = tree::read(&mut &index[..]) else { return Vec::new() };
    let Some(entry) = tree.entry(MP_ENTRY).filter(|entry| entry.is_far()) else {
        return Vec::new();
    };
    let Some(entries) = index.get(entry.value_at as usize..) else { return Vec::new() };
    let count = (entry.len as usize / ENTRY).min(entries.len() / ENTRY);
    let mut follow = Vec::new();
    for (number, bytes) in entries.chunks_exact(ENTRY).take(count).enumerate() {
        let mut add = |field: usize, by: i64| {
            let old = tree.order.u32(&bytes[field..]);
            // 0 means that there is none; it is not an offset.
            let new = u32::try_from(i64::from(old) + by).ok().filter(|_| old != 0 && by != 0);
            if let Some(new) = new {
                let at = header + entry.value_at + (number * ENTRY + field) as u64;
                follow.push(Splice { old: at..at + 4, new: tree.order.put_u32(new).to_vec() });
            }
        };
        let is_first = tree.order.u32(&bytes[8..]) == 0;
        if is_first { add(4, growth) } else { add(8, moved) }
    }
    follow
}
