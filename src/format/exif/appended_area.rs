//! The area that this tool appends to a block. A marker identifies it, so that the next run can lay it out again.

use super::{
    Dir,
    tags::pointers,
    tree::{Directory, IfdEntry, Tree},
    value::kind,
};

/// The marker precedes the length of the area (four bytes, in the block's byte order).
pub(super) const MARK: &[u8; 8] = b"mlyexif\0";
const TRAILER: usize = 12;

/// The length of the appended area at the end of the block. It is 0 unless everything in it can be moved,
/// because another program may have stored its own data there since.
pub(super) fn len(block: &[u8], tree: &Tree) -> usize {
    let Some((rest, trailer)) = block.split_last_chunk::<TRAILER>() else { return 0 };
    let len = tree.order.u32(&trailer[8..]) as usize;
    if !trailer.starts_with(MARK) || len < TRAILER || len > rest.len() + TRAILER - 8 {
        return 0;
    }
    let start = (block.len() - len) as u64;
    let fixed = |entry: &IfdEntry| {
        let holds_places = matches!(
            entry.tag,
            pointers::STRIP_OFFSETS
                | pointers::TILE_OFFSETS
                | pointers::SUB_IFDS
                | pointers::THUMBNAIL
                | pointers::INTEROP_IFD
                | pointers::MAKER_NOTE
        );
        let place = u64::from(tree.order.u32(&entry.field));
        holds_places
            && (place >= start || entry.is_far() && entry.value_at + entry.len > start)
            && (entry.is_far() || matches!(entry.kind, kind::LONG | kind::IFD))
    };
    let stays = |directory: &Directory| match directory.dir {
        Dir::Main | Dir::Exif | Dir::Gps => {
            directory.entries.iter().any(fixed) || u64::from(directory.next) >= start
        }
        _ => {
            directory.at >= start
                || directory.entries.iter().any(|e| e.is_far() && e.value_at + e.len > start)
        }
    };
    // Values that this tool writes never overlap; if they do, copies of them might be many times as long as the
    // area.
    let entries = tree.directories.iter().flat_map(|directory| &directory.entries);
    let far = entries.filter(|entry| entry.is_far() && entry.value_at >= start);
    let held = far.fold(0u64, |held, entry| held.saturating_add(entry.len));
    let is_ours = held <= len as u64 && !tree.directories.iter().any(stays);
    if is_ours { len } else { 0 }
}

#[cfg(test)]
mod tests;
