use super::*;

#[test]
fn fields_come_in_their_order_and_what_is_missing_is_none() {
    let record = [&[7][..], &3u32.to_be_bytes(), b"a/b\0", b"rest"].concat();
    let mut fields = Fields(&record);
    assert_eq!((fields.u8(), fields.u32(), fields.text()), (Some(7), Some(3), Some("a/b")));
    assert_eq!((fields.u64(), fields.text(), fields.text_of(5)), (None, None, None));
    assert_eq!((fields.text_of(1), fields.last_text()), (Some("r"), Some("est")));
    assert_eq!(Fields(b"\xff").last_text(), None);
}
