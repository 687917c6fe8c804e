use super::*;

#[test]
fn a_header_tells_definitions_data_and_compressed_times_apart() {
    for (byte, local, offset_s) in
        [(0x00, 0, None), (0x0f, 15, None), (0x80, 0, Some(0)), (0xff, 3, Some(31))]
    {
        let header = Header::new(byte);
        let Header::Data { local: found, time_offset_s } = header else { panic!("{byte:#x}") };
        assert_eq!((found, time_offset_s), (local, offset_s), "{byte:#x}");
    }
    for (byte, local, developer) in [(0x40, 0, false), (0x63, 3, true), (0x4f, 15, false)] {
        let Header::Definition { local: found, has_developer_fields } = Header::new(byte) else {
            panic!("{byte:#x}")
        };
        assert_eq!((found, has_developer_fields), (local, developer), "{byte:#x}");
    }
}

#[test]
fn fields_are_read_in_either_order_of_bytes_and_absent_ones_are_none() {
    // Kind 20, a u32 (253), a latitude (0), a u16 (5).
    let fields = [253, 4, 0x86, 0, 4, 0x85, 5, 2, 0x84];
    for is_big in [false, true] {
        let order = |bytes: &[u8]| -> Vec<u8> {
            if is_big { bytes.iter().rev().copied().collect() } else { bytes.to_vec() }
        };
        let head =
            [&[0, u8::from(is_big)][..], &order(&20_u16.to_le_bytes()), &[3], &fields].concat();
        let definition = Definition::read(&mut Bytes::new(&head, 0), false).unwrap();
        assert_eq!(definition.kind, 20);
        let data = |a: u32, b: i32, c: u16| {
            [order(&a.to_le_bytes()), order(&b.to_le_bytes()), order(&c.to_le_bytes())].concat()
        };
        let bytes = data(7, 1 << 30, 9);
        let message = definition.message(&mut Bytes::new(&bytes, 0)).unwrap();
        assert_eq!((message.u32(253), message.u16(5)), (Some(7), Some(9)));
        assert_eq!((message.semicircles_deg(0), message.u32(1)), (Some(90.0), None));
        assert_eq!(message.u16(253), None, "a field of another size");
        let bytes = data(u32::MAX, i32::MAX, u16::MAX);
        let message = definition.message(&mut Bytes::new(&bytes, 0)).unwrap();
        assert_eq!(
            (message.u32(253), message.u16(5), message.semicircles_deg(0)),
            (None, None, None)
        );
        let bytes = data(0, i32::MIN, 0);
        let message = definition.message(&mut Bytes::new(&bytes, 0)).unwrap();
        assert_eq!(message.semicircles_deg(0), Some(-180.0));
    }
}

#[test]
fn what_is_cut_is_none_and_takes_nothing() {
    let whole = [0, 0, 20, 0, 1, 253, 4, 0x86, 1, 0, 8, 0];
    for end in 0..whole.len() {
        let is_whole = Definition::read(&mut Bytes::new(&whole[..end], 0), true).is_some();
        assert!(!is_whole, "{end}");
    }
    let definition = Definition::read(&mut Bytes::new(&whole, 0), true).unwrap();
    let mut bytes = Bytes::new(&[0; 11], 0);
    assert!(definition.message(&mut bytes).is_none(), "4 bytes and 8 of a developer's");
    assert_eq!(bytes.at, 0);
    assert!(Bytes::new(&[], usize::MAX).take(2).is_none());
}
