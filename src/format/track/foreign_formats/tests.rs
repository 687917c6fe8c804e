use super::*;

#[test]
fn files_are_called_what_they_look_like() {
    for (bytes, expected) in [
        (&b"\xff\xd8\xff\xe0\0\x10JFIF"[..], "a JPEG picture"),
        (b"\0\0\0\x18ftypmp42", "an MP4 or QuickTime video"),
        (b"\0\0\0\x18ftypheic", "a HEIF picture"),
        (b"SQLite format 3\0...", "a SQLite database"),
        (b" <!DOCTYPE html><html>", "a page of HTML"),
        (b"<?xml version=\"1.0\"?><osm/>", "XML of the kind 'osm'"),
        (b"{\"a\":1}", "JSON without places and times that are known here"),
        (b"Dear\tAda,\nhello", "text that begins with 'Dear\tAda,'"),
        (b"Gr\xfc\xdfe an alle, die diese Zeilen lesen, von hier", "text that begins with 'Gr"),
        (b"<?xml version=\"1.0\"?><svg:svg>", "an SVG picture"),
        (b"<HTML lang=\"de\">", "a page of HTML"),
        (b"<!doctype HTML>", "a page of HTML"),
        (b"<?xml version=\"1.0\"?><!-- a", "the beginning of XML"),
        (b"[1]", "JSON without"),
        (
            b"a plain text of which the 41st letter is left out",
            "text that begins with 'a plain text of which the 41st letter is'",
        ),
        // At most one character in twenty may be odd, and none may be NUL.
        (b"12345678901234567890\n234567890123456789\x01\x02", "text"),
        (b"12345678901234567890\n23456789012345678\x01\x02\x03", "binary"),
        (b"\xff\xff\xff text", "binary"),
        (b"12345678901234567890\n234567890123456789\0", "binary"),
        (b"\x01\x02\x03\0\x05", "binary data of an unknown kind"),
        (b"", "an empty file"),
    ] {
        let found = looks_like(bytes);
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn any_bytes_look_like_something() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let bytes: Vec<u8> = (0..random.usize(..300)).map(|_| random.u8(..)).collect();
        assert!(!looks_like(&bytes).is_empty());
    }
}
