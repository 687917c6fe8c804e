use super::*;

const PACKET: &str = "<rdf:RDF>Zürich \u{1F5FA}</rdf:RDF>";

fn utf16(mark: bool, put: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(PACKET.encode_utf16());
    units.flat_map(put).collect()
}

fn utf32(mark: bool, put: fn(u32) -> [u8; 4]) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(PACKET.chars().map(u32::from));
    units.flat_map(put).collect()
}

#[test]
fn each_encoding_is_read_with_and_without_a_mark() {
    for mark in [true, false] {
        for bytes in [
            utf16(mark, u16::to_be_bytes),
            utf16(mark, u16::to_le_bytes),
            utf32(mark, u32::to_be_bytes),
            utf32(mark, u32::to_le_bytes),
        ] {
            assert_eq!(text(&bytes), (PACKET.into(), None));
            assert!(!is_utf8(&bytes));
        }
    }
    assert_eq!(text(PACKET.as_bytes()), (PACKET.into(), None));
}

#[test]
fn what_is_in_no_encoding_is_read_up_to_there() {
    let (start, fault) = text(b"<x>M\xFCnchen</x>");
    assert_eq!(start, "<x>M");
    assert_eq!(fault.unwrap().to_string(), "XMP is not UTF-8: it has the byte 0xFC at byte 4");
    let (start, fault) = text(b"\0<\xD8\0");
    assert_eq!((&*start, fault.is_some()), ("<", true));
}
