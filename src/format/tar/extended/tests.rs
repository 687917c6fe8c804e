use super::*;

fn taken(records: &[u8]) -> Extended {
    let mut extended = Extended::default();
    extended.take(records);
    extended
}

#[test]
fn records_are_bytes_and_may_hold_any() {
    let extended = taken(b"14 path=a.jpg\n22 SCHILY.xattr.u=\xff\n\x00\n13 size=1234\n\0\0");
    assert_eq!(extended.name.as_deref(), Some(&b"a.jpg"[..]));
    assert_eq!((extended.size, extended.fault), (Some(1234), None));
}

#[test]
fn a_record_that_is_none_is_said() {
    for records in [&b"99 path=a\n"[..], b"path=a\n", b"9 path=ab", b"11 size=x1\n", b"0 =\n"] {
        assert!(taken(records).fault.is_some(), "{records:?}");
    }
}

#[test]
fn an_empty_value_takes_back_what_was_said() {
    let mut extended = taken(b"10 path=a\n");
    extended.take(b"8 path=\n");
    assert_eq!(extended.name, None);
}

#[test]
fn times_have_fractions_and_may_lie_before_1970() {
    for (text, s, ns) in [
        (&b"1717245296.25"[..], 1_717_245_296, 250_000_000),
        (b"7", 7, 0),
        (b"-1.5", -2, 500_000_000),
        (b"-0.25", -1, 750_000_000),
        (b"1.1234567899", 1, 123_456_789),
    ] {
        assert_eq!(seconds(text), Some(Modified { s, ns }), "{text:?}");
    }
    assert_eq!(seconds(b"soon"), None);
    assert_eq!(seconds(b"1.x"), None);
}
