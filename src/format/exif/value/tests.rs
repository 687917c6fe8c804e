use super::*;

#[test]
fn text_comes_back_in_any_code() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        for words in ["interpolated, gap 3 s", "Zürich 東京"] {
            let raw = coded_text(words).encode(order);
            assert_eq!(read_coded_text(&raw).as_deref(), Some(words));
        }
    }
}

#[test]
fn a_fraction_over_nothing_is_absent() {
    let raw = Value::Rational(vec![(0, 0), (3, 2)]).encode(ByteOrder::Big);
    assert_eq!((raw.ratio(0), raw.ratio(1), raw.ratio(2)), (None, Some(1.5), None));
}

#[test]
fn padding_does_not_make_another_text() {
    let mut padded = Value::Ascii("SONY".into()).encode(ByteOrder::Big);
    padded.bytes.extend_from_slice(&[0, 0, 0]);
    assert!(padded.same(&Value::Ascii("SONY".into()).encode(ByteOrder::Big)));
    assert!(!padded.same(&Value::Ascii("SON".into()).encode(ByteOrder::Big)));
}

#[test]
fn a_letter_is_the_same_only_bit_for_bit_and_words_without_what_is_behind_them() {
    let raw = |bytes: &[u8]| Raw {
        kind: kind::ASCII,
        count: bytes.len() as u32,
        bytes: bytes.to_vec(),
        order: ByteOrder::Big,
    };
    let west = Value::Ascii("W".into()).encode(ByteOrder::Big);
    assert!(raw(b"W\0").same(&west));
    for other in [&b" W\0"[..], b"W \0", b"W", b"W\0\0", b"w\0", b"\0", b"", b" \0", b"West\0"] {
        assert!(!raw(other).same(&west), "{other:?}");
    }
    let sony = Value::Ascii("SONY".into()).encode(ByteOrder::Big);
    for (other, is_same) in [(&b"SONY  \0"[..], true), (b"SONY", true), (b" SONY\0", false)] {
        assert_eq!(raw(other).same(&sony), is_same, "{other:?}");
    }
}
