use super::*;
use crate::format::exif::Dir;
use crate::format::exif::tree::IfdEntry;

fn directory(entries: Vec<IfdEntry>) -> Directory {
    Directory { dir: Dir::Thumbnail, at: 100, entries, next: 0, whole: true }
}

fn near(tag: u16, kind: u16, count: u32, field: [u8; 4]) -> IfdEntry {
    IfdEntry { tag, kind, count, at: 102, field, value_at: 110, len: 4 }
}

fn far(tag: u16, kind: u16, count: u32, value_at: u64, len: u64) -> IfdEntry {
    IfdEntry { tag, kind, count, at: 102, field: [0; 4], value_at, len }
}

#[test]
fn a_directory_takes_its_table_and_the_values_outside_of_it() {
    let all = directory(vec![near(0x0112, 3, 1, [6, 0, 0, 0]), far(0x0110, 2, 20, 500, 20)]);
    assert_eq!(ranges(&all), [500..520, 100..130]);
}

#[test]
fn pixels_are_kept_wherever_their_offsets_are_written() {
    let mut base = vec![0; 400];
    for order in [ByteOrder::Little, ByteOrder::Big] {
        for (at, number) in [(200, 300), (204, 340), (208, 10), (212, 20)] {
            base[at..at + 4].copy_from_slice(&order.put_u32(number));
        }
        let pictures = |entries| pictures(&base, &directory(entries), order);
        let of_long = |number: u32| order.put_u32(number);
        let of_shorts = |a: u16, b: u16| {
            let bytes = [order.put_u16(a), order.put_u16(b)].concat();
            <[u8; 4]>::try_from(bytes).unwrap()
        };
        let strips = vec![far(0x0111, 4, 2, 200, 8), far(0x0117, 4, 2, 208, 8)];
        assert_eq!(pictures(strips), [300..310, 340..360]);
        let shorts =
            vec![near(0x0144, 3, 2, of_shorts(300, 350)), near(0x0145, 3, 2, of_shorts(5, 6))];
        assert_eq!(pictures(shorts), [300..305, 350..356]);
        // The second half of the field is no number.
        let short =
            vec![near(0x0144, 3, 1, of_shorts(300, 9)), near(0x0145, 3, 1, of_shorts(5, 9))];
        assert_eq!(pictures(short), [300..305]);
        let jpeg = vec![near(0x0201, 4, 1, of_long(50)), near(0x0202, 4, 1, of_long(30))];
        assert_eq!(pictures(jpeg), [50..80]);
        let no_length = vec![near(0x0201, 4, 1, of_long(50))];
        assert_eq!(pictures(no_length), []);
        let behind_the_end = vec![far(0x0111, 4, 2, 396, 8), far(0x0117, 4, 2, 208, 8)];
        assert_eq!(pictures(behind_the_end), []);
    }
}

/// A block with a maker note at 50, whose directory begins after so many bytes.
fn noted(start: usize, entry: &[u8]) -> Vec<u8> {
    let mut base = vec![0; 300];
    base[50 + start] = 1;
    base[52 + start..52 + start + entry.len()].copy_from_slice(entry);
    base
}

#[test]
fn a_maker_note_may_count_its_offsets_from_several_places() {
    let entry = b"\x01\0\x07\0\x64\0\0\0\x14\0\0\0";
    for start in [6, 18, 26] {
        let found = of_note(&noted(start, entry), &(50..150));
        let wanted = [0, 50, 50 + start, 60, 62].map(|base| base + 20..base + 120);
        assert_eq!(found, wanted, "{start}");
    }
    assert_eq!(of_note(&noted(20, entry), &(50..150)), [], "no maker begins there");
}

#[test]
fn what_is_no_directory_in_a_maker_note_points_nowhere() {
    let inside = b"\x01\0\x07\0\x04\0\0\0\x14\0\0\0";
    assert_eq!(of_note(&noted(26, inside), &(50..150)), [], "a value inside its entry");
    let unknown = b"\x01\0\x63\0\x64\0\0\0\x14\0\0\0";
    assert_eq!(of_note(&noted(26, unknown), &(50..150)), [], "an unknown type");
    let entry = b"\x01\0\x07\0\x64\0\0\0\x14\0\0\0";
    let whole = noted(26, entry);
    assert_eq!(of_note(&whole[..90], &(50..90)).len(), 5, "the table ends with the block");
    assert_eq!(of_note(&whole[..89], &(50..89)), [], "the table is cut off");
    assert_eq!(of_note(&[], &(50..69)), []);
}

#[test]
fn a_maker_note_has_five_hundred_entries_at_most() {
    let entry = b"\x01\0\x07\0\x05\0\0\0\x14\0\0\0";
    for (count, found) in [(500, 2500), (501, 0)] {
        let mut note = [&[0; 26][..], &u16::to_le_bytes(count)].concat();
        note.extend(entry.repeat(count.into()));
        let directories = of_note(&note, &(0..note.len()));
        assert_eq!(directories.len(), found, "{count}");
    }
}
