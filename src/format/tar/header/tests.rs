use super::*;

#[test]
fn binary_numbers_are_read_and_too_large_ones_refused() {
    assert_eq!(number(b"00000000017\0"), Some(15));
    assert_eq!(number(b"  17 \0junk"), Some(15));
    assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]), Some(0x0200_0000));
    assert_eq!(number(&[0xff; 12]), Some(-1));
    assert_eq!(number(&[0x80, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), None);
    assert_eq!(number(b"9"), None);
    assert_eq!(number(b"-7"), None);
}
