use super::*;
use crate::format::exif::byte_order::ByteOrder;
use crate::format::exif::sample;

/// A block, with a copy of its first directory behind it, at this offset.
fn copied(order: ByteOrder) -> (Vec<u8>, Tree, usize) {
    let (block, _) = sample::camera(order);
    let tree = tree::read(&mut &block[..]).unwrap();
    let table = block[8..8 + 6 + 12 * 4].to_vec();
    let at = block.len().next_multiple_of(2);
    let mut base = block;
    base.resize(at, 0);
    base.extend(table);
    base.extend([0xFF; 10]);
    (base, tree, at)
}

fn found(base: &[u8], tree: &Tree, at: usize) -> Vec<Range<usize>> {
    let gap = at..base.len();
    old_directories(base, tree, std::slice::from_ref(&gap))
}

#[test]
fn a_copy_that_no_number_points_to_is_old() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let (base, tree, at) = copied(order);
        let table = at..at + 54;
        assert_eq!(found(&base, &tree, at), std::slice::from_ref(&table));
        for number in [(at as u32).to_le_bytes(), (at as u32).to_be_bytes()] {
            assert_eq!(found(&[&base[..], &number].concat(), &tree, at), []);
        }
        // Only what lies in the gaps is old.
        let before = 0..at + 53;
        assert_eq!(old_directories(&base, &tree, &[before, at + 54..base.len()]), []);
    }
}

#[test]
fn a_copy_that_only_an_old_one_points_to_is_old_too() {
    let (mut base, tree, at) = copied(ByteOrder::Little);
    let second = base.len().next_multiple_of(2);
    base.resize(second, 0xFF);
    base.extend_from_within(at..at + 54);
    base.extend([0xFF; 10]);
    // The offset of the next directory.
    base[at + 50..at + 54].copy_from_slice(&(second as u32).to_le_bytes());
    let mut both = found(&base, &tree, at);
    both.sort_by_key(|range| range.start);
    both.dedup();
    assert_eq!(both, [at..at + 54, second..second + 54]);
}

#[test]
fn what_only_looks_like_a_directory_is_left_alone() {
    let (base, tree, at) = copied(ByteOrder::Little);
    let gap = at..base.len();
    let is_old = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut base = base.clone();
        change(&mut base);
        old_directory(&base, &tree, std::slice::from_ref(&gap), at).is_some()
    };
    assert!(is_old(&|_| {}));
    assert!(is_old(&|base| base[at] = 3));
    assert!(!is_old(&|base| base[at] = 2), "too few entries");
    assert!(!is_old(&|base| base[at] = 5), "the table leaves the gap");
    assert!(!is_old(&|base| base[at + 4] = 99), "an unknown type");
    assert!(!is_old(&|base| base[at + 2] = 0x13), "tags out of order");
    assert!(!is_old(&|base| base[at + 14] = 0x0F), "a tag that comes twice");
    // Two of three tags that are in use are enough, and two of four are not.
    assert!(is_old(&|base| (base[at], base[at + 26]) = (3, 0x13)));
    assert!(!is_old(&|base| (base[at + 26], base[at + 38]) = (0x13, 0x6A)));
}

#[test]
fn a_range_is_inside_one_gap() {
    let gaps = [10..20, 30..40];
    for (range, is) in [
        (10..20, true),
        (32..38, true),
        (9..12, false),
        (18..21, false),
        (20..30, false),
        (15..35, false),
    ] {
        assert_eq!(is_inside(&gaps, &range), is, "{range:?}");
    }
}
