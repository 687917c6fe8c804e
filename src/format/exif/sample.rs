//! EXIF blocks for tests: both byte orders, a maker note with absolute offsets, a thumbnail.

use super::byte_order::ByteOrder;

pub(crate) const MAKER_NOTE: &[u8] = b"FAKE\0\0maker note that points at byte ";
pub(crate) const THUMBNAIL: &[u8] = b"\xFF\xD8\xFF\xDA\0\x02tiny\xFF\xD9";

/// A block as a camera writes it, and the offset of its maker note.
pub(crate) fn camera(order: ByteOrder) -> (Vec<u8>, usize) {
    let mut block = match order {
        ByteOrder::Little => b"II\x2A\0\x08\0\0\0".to_vec(),
        ByteOrder::Big => b"MM\0\x2A\0\0\0\x08".to_vec(),
    };
    let main_len = 2 + 12 * 4 + 4;
    let exif_at = 8 + main_len;
    let exif_len = 2 + 12 * 4 + 4;
    let thumb_at = exif_at + exif_len;
    let values_at = thumb_at + 2 + 12 * 2 + 4;
    let mut values = Vec::new();
    let mut far = |bytes: &[u8]| {
        let at = values_at + values.len();
        values.extend_from_slice(bytes);
        values.resize(values.len().next_multiple_of(2), 0);
        at as u32
    };
    let make = far(b"Example\0");
    let date = far(b"2024:05:01 12:30:45\0");
    let offset = far(b"+02:00\0");
    let note_at = far(MAKER_NOTE);
    let mut note_place = order.put_u32(note_at).to_vec();
    note_place.extend_from_slice(b"....");
    far(&note_place);
    let thumbnail = far(THUMBNAIL);
    let note_len = (MAKER_NOTE.len() + MAKER_NOTE.len() % 2 + 8) as u32;
    let entry = |tag: u16, kind: u16, count: u32, field: [u8; 4]| {
        [&order.put_u16(tag)[..], &order.put_u16(kind), &order.put_u32(count), &field].concat()
    };
    let long = |number: u32| order.put_u32(number);
    let short = |number: u16| {
        let [a, b] = order.put_u16(number);
        [a, b, 0, 0]
    };
    let mut table = |entries: &[Vec<u8>], next: u32| {
        block.extend_from_slice(&order.put_u16(entries.len() as u16));
        block.extend(entries.concat());
        block.extend_from_slice(&long(next));
    };
    table(
        &[
            entry(0x010F, 2, 8, long(make)),
            entry(0x0110, 2, 4, *b"One\0"),
            entry(0x0112, 3, 1, short(6)),
            entry(0x8769, 4, 1, long(exif_at as u32)),
        ],
        thumb_at as u32,
    );
    table(
        &[
            entry(0x9003, 2, 20, long(date)),
            entry(0x9011, 2, 7, long(offset)),
            entry(0x9291, 2, 3, *b"05\0\0"),
            entry(0x927C, 7, note_len, long(note_at)),
        ],
        0,
    );
    table(
        &[entry(0x0201, 4, 1, long(thumbnail)), entry(0x0202, 4, 1, long(THUMBNAIL.len() as u32))],
        0,
    );
    block.extend_from_slice(&values);
    (block, note_at as usize)
}
