use super::*;

#[test]
fn numbers_have_groups_of_seven_bits_from_the_lowest() {
    for (number, bytes) in [
        (0, &[0][..]),
        (1, &[1]),
        (127, &[127]),
        (128, &[128, 1]),
        (300, &[0xac, 2]),
        (u64::from(u32::MAX), &[255, 255, 255, 255, 15]),
        (u64::MAX, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
    ] {
        let mut out = Vec::new();
        put_varint(&mut out, number);
        assert_eq!(out, bytes, "{number}");
        let mut reader = Reader::new(bytes);
        assert_eq!(reader.left(), bytes.len());
        assert_eq!(reader.varint().unwrap(), number);
        assert!(reader.is_done() && reader.left() == 0);
    }
    for (bytes, what) in [
        (&[][..], "the data ends within a number at byte 0"),
        (&[128, 128], "the data ends within a number at byte 2"),
        (&[128; 11], "a number has more than 64 bits at byte 10"),
        // The tenth group has one bit.
        (
            &[255, 255, 255, 255, 255, 255, 255, 255, 255, 2],
            "a number has more than 64 bits at byte 10",
        ),
    ] {
        assert_eq!(Reader::new(bytes).varint().unwrap_err().to_string(), what);
    }
    assert_eq!(Reader::new(&[255, 255, 255, 255, 15]).varint_u32().unwrap(), u32::MAX);
    assert!(Reader::new(&[128, 128, 128, 128, 16]).varint_u32().is_err());
}

#[test]
fn small_numbers_of_either_sign_are_small() {
    for (number, coded) in [
        (0, 0),
        (-1, 1),
        (1, 2),
        (-2, 3),
        (2_147_483_647, 4_294_967_294),
        (-2_147_483_648, 4_294_967_295),
        (i64::MAX, u64::MAX - 1),
        (i64::MIN, u64::MAX),
    ] {
        assert_eq!((zigzag(number), unzigzag(coded)), (coded, number));
    }
}

#[test]
fn fields_have_their_number_and_one_of_four_types() {
    let mut bytes = Vec::new();
    put_number(&mut bytes, 1, 300);
    put_bytes(&mut bytes, 2, b"abc");
    bytes.extend([3 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8, 4 << 3 | 5, 1, 2, 3, 4]);
    put_number(&mut bytes, 8191, 7);
    let mut reader = Reader::new(&bytes);
    assert!(matches!(reader.field(), Ok(Some((1, Field::Varint(300))))));
    let Ok(Some((2, Field::Bytes(text)))) = reader.field() else { panic!() };
    assert_eq!(text.text().unwrap(), "abc");
    assert_eq!(text.fault("here").to_string(), "here at byte 5");
    assert!(matches!(reader.field(), Ok(Some((3, Field::Fixed64([1, .., 8]))))));
    assert!(matches!(reader.field(), Ok(Some((4, Field::Fixed32([1, 2, 3, 4]))))));
    assert!(matches!(reader.field(), Ok(Some((8191, Field::Varint(7))))));
    assert!(matches!(reader.field(), Ok(None)));
    for (bytes, what) in [
        (&[1 << 3 | 3][..], "no field has the wire type 3 at byte 1"),
        (&[1 << 3 | 4], "no field has the wire type 4 at byte 1"),
        (&[1 << 3 | 2, 2, 0], "a field of 2 bytes where 1 are left at byte 2"),
        (&[1 << 3 | 5, 0, 0, 0], "a field of 4 bytes where 3 are left at byte 1"),
        (&[1 << 3 | 1, 0], "a field of 8 bytes where 1 are left at byte 1"),
    ] {
        let mut reader = Reader::new(bytes);
        assert_eq!(reader.field().unwrap_err().to_string(), what);
    }
    assert!(Reader::new(b"\xff").text().is_err());
}
