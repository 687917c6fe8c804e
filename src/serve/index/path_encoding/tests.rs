use super::*;

#[test]
fn a_path_comes_back_from_its_line() {
    for bytes in [&b"a b/\xc3\xa9%41.jpg"[..], b"new\nline\xff", b""] {
        let path = from_bytes(bytes.to_vec());
        let text = to_text(&path);
        assert!(!text.contains('\n'), "{text}");
        assert_eq!(from_text(&text), path);
    }
}
