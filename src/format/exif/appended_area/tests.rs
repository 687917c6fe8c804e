use super::*;
use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::tags::Tag;
use crate::format::exif::{edit, gps, sample, tree};

fn len_of(block: &[u8]) -> usize {
    len(block, &tree::read(&mut &block[..]).unwrap())
}

/// A block with a position, stored in an appended area.
fn tagged(block: Option<&[u8]>) -> Vec<u8> {
    let place = gps::Gps { lat: Some(51.0), lon: Some(9.5), ..Default::default() };
    edit(block, &gps::position_edits(&place), 65_527, None).unwrap().unwrap()
}

/// The length of the area after another program has replaced an entry with its own.
fn len_beside(
    block: &[u8],
    old: (Dir, u16),
    (tag, kind, count, place): (u16, u16, u32, usize),
) -> usize {
    let tree = tree::read(&mut &block[..]).unwrap();
    let at = tree.entry(Tag { dir: old.0, number: old.1, name: "" }).unwrap().at as usize;
    let order = tree.order;
    let (count, place) = (order.put_u32(count), order.put_u32(place as u32));
    let entry = [&order.put_u16(tag)[..], &order.put_u16(kind), &count, &place].concat();
    len_of(&[&block[..at], &entry, &block[at + 12..]].concat())
}

#[test]
fn the_area_is_known_by_its_mark_and_its_length() {
    let made = tagged(None);
    assert_eq!(len_of(&made), made.len() - 8, "all but the header is ours");
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let (camera, _) = sample::camera(order);
        let block = tagged(Some(&camera));
        assert_eq!(len_of(&block), block.len() - camera.len());
        assert_eq!(len_of(&camera), 0);
        let end = block.len() - 4;
        let said = |len: u32| len_of(&[&block[..end], &order.put_u32(len)].concat());
        assert_eq!(said(12), 12, "an area with nothing but its end");
        for wrong in [0, 11, block.len() as u32 - 7, u32::MAX] {
            assert_eq!(said(wrong), 0, "{wrong}");
        }
        for at in end - 8..end {
            let mut block = block.clone();
            block[at] ^= 1;
            assert_eq!(len_of(&block), 0, "byte {at} of the mark");
        }
    }
}

#[test]
fn an_area_into_which_another_program_points_stays() {
    const NEAR: (Dir, u16) = (Dir::Exif, 0x9291);
    const NOTE: (Dir, u16) = (Dir::Exif, pointers::MAKER_NOTE);
    const THUMBNAIL: (Dir, u16) = (Dir::Thumbnail, 0x0202);
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let (camera, _) = sample::camera(order);
        let block = tagged(Some(&camera));
        let (start, len) = (camera.len(), block.len() - camera.len());
        for (old, new, is_ours) in [
            (NOTE, (NOTE.1, 7, 5, start), false),
            (NOTE, (NOTE.1, 7, 5, start - 4), false),
            (NOTE, (NOTE.1, 7, 5, start - 5), true),
            (NEAR, (pointers::THUMBNAIL, kind::LONG, 1, start), false),
            (NEAR, (pointers::THUMBNAIL, kind::IFD, 1, start), false),
            (NEAR, (pointers::THUMBNAIL, kind::LONG, 1, start - 1), true),
            // A number of this type is never an offset.
            (NEAR, (pointers::THUMBNAIL, 9, 1, start), true),
            // Values of other tags can be moved.
            (NEAR, (NEAR.1, 2, 5, start), true),
            (NEAR, (NEAR.1, 2, len as u32 + 1, start), false),
            (NEAR, (NEAR.1, 2, len as u32 + 1, 8), true),
            (THUMBNAIL, (THUMBNAIL.1, 7, 5, start - 4), false),
            (THUMBNAIL, (THUMBNAIL.1, 7, 5, start - 5), true),
            (THUMBNAIL, (THUMBNAIL.1, 3, 1, start), true),
        ] {
            let found = len_beside(&block, old, new);
            assert_eq!(found, if is_ours { len } else { 0 }, "{order:?} {old:?} {new:?}");
        }
        let tree = tree::read(&mut &block[..]).unwrap();
        let main = tree.directory(Dir::Main).unwrap();
        let next = main.at as usize + 2 + 12 * main.entries.len();
        for (place, wanted) in [(start, 0), (0, len)] {
            let place = order.put_u32(place as u32);
            let block = [&block[..next], &place, &block[next + 4..]].concat();
            assert_eq!(len_of(&block), wanted, "the next directory");
        }
    }
}
