//! Previews that cameras append after the picture. Finds the offsets in maker notes that point to them, so that
//! they can be updated when the header grows.
//!
//! Each maker has its own tags for this. This code looks for what they have in common instead: a number that
//! points to the start of a JPEG, and near it another number that leads from there to its end. So notes of
//! unknown makers are handled too, and a number is not taken for an offset by chance.

use std::{io, ops::Range};

use crate::format::exif::byte_order::ByteOrder;
use crate::format::source::Source;

/// The possible bases of offsets: the start of the block, of the file, or of the note.
const MAX_BASES: usize = 3;

/// The maximum distance between an offset and its length: in the same entry, the one before or after it, or in
/// the same list.
const NEAR: usize = 12;

/// No preview is shorter than the headers of a JPEG.
const MIN_LEN: u64 = 200;

/// Padding may follow the end of a preview.
const MAX_PADDING: u64 = 64;

/// The maximum number of possible offsets that are tried. The longest notes have a few dozen; more are found
/// only in a file made to be slow.
const MAX_TRIES: usize = 20_000;

/// The positions in a note of offsets that point past the header of the file, and the value of each. `bases`
/// are the bases that offsets may be relative to.
pub(super) fn places(
    source: &mut impl Source,
    note: &[u8],
    bases: [u64; MAX_BASES],
    head_end: u64,
) -> io::Result<Vec<(usize, ByteOrder, u32)>> {
    let behind = head_end..source.size();
    let mut places: Vec<(usize, ByteOrder, u32)> = Vec::new();
    let mut tries = 0;
    for at in 0..note.len().saturating_sub(3) {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let place = order.u32(&note[at..]);
            for start in bases.map(|base| base + u64::from(place)) {
                let overlaps = places.last().is_some_and(|&(last, ..)| at < last + 4);
                if overlaps || !behind.contains(&start) {
                    continue;
                }
                for len in lengths(note, at, order, &behind, start) {
                    tries += 1;
                    if tries > MAX_TRIES {
                        return Ok(places);
                    }
                    if is_jpeg(source, start, len)? {
                        places.push((at, order, place));
                        break;
                    }
                }
            }
        }
    }
    Ok(places)
}

/// The numbers near an offset that could be the length of a preview that starts there.
fn lengths(
    note: &[u8],
    at: usize,
    order: ByteOrder,
    behind: &Range<u64>,
    start: u64,
) -> impl Iterator<Item = u64> {
    let longest = behind.end - start;
    (at.saturating_sub(NEAR)..=at + NEAR)
        .filter(move |near| near.abs_diff(at) >= 4 && near.abs_diff(at) % 4 == 0)
        .filter_map(move |near| Some(u64::from(order.u32(note.get(near..near + 4)?))))
        .filter(move |len| (MIN_LEN..=longest).contains(len))
}

/// Whether a JPEG begins and ends there. Some makers change its first byte, so that programs do not take it for
/// the picture.
fn is_jpeg(source: &mut impl Source, start: u64, len: u64) -> io::Result<bool> {
    if !matches!(source.at(start, 4)?, [_, 0xD8, 0xFF, 0xC0..=0xFE]) {
        return Ok(false);
    }
    let tail = len.min(MAX_PADDING);
    let tail = source.at(start + len - tail, tail as usize)?;
    Ok(memchr::memmem::find(tail, b"\xFF\xD9").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a header, pixels and a preview at offset 1,000, and the numbers of a note.
    fn found(numbers: &[u32], bases: [u64; 3]) -> Vec<u32> {
        let mut file = vec![7; 1000];
        file.extend(b"\x01\xD8\xFF\xDB");
        file.resize(1500, 7);
        file.extend(b"\xFF\xD9\0\0");
        let note: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        let note = [b"M", &note[..]].concat();
        let places = places(&mut &file[..], &note, bases, 100).unwrap();
        places.into_iter().map(|(_, _, place)| place).collect()
    }

    #[test]
    fn a_place_and_its_length_are_found_in_any_note() {
        assert_eq!(found(&[0x0088_0004, 1, 988, 0x0089_0004, 1, 504], [12, 0, 40]), [988]);
        assert_eq!(found(&[504, 1000], [12, 0, 40]), [1000]);
        assert_eq!(found(&[960, 504], [12, 0, 40]), [960]);
    }

    #[test]
    fn a_number_that_leads_to_no_whole_preview_is_left_alone() {
        for numbers in [&[988, 300][..], &[989, 504], &[988], &[504, 5000], &[12, 504], &[]] {
            assert_eq!(found(numbers, [12, 0, 40]), [0; 0], "{numbers:?}");
        }
    }

    #[test]
    fn any_note_is_looked_through() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..2_000 {
            let note: Vec<u8> = (0..random.usize(..64)).map(|_| random.u8(..5)).collect();
            let file: Vec<u8> = (0..2_000).map(|_| random.u8(..)).collect();
            places(&mut &file[..], &note, [12, 0, 40], 100).unwrap();
        }
    }
}
