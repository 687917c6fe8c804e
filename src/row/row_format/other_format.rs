//! Files that people pass instead of a table: recognized by their first bytes, and reported with the tool that
//! reads them.

/// The first bytes of a format, and the message for it.
const KINDS: [(&[u8], &str); 16] = [
    (b"PARE", "it is Parquet with an encrypted footer, which is not read"),
    (b"PK\x03\x04", "it is a ZIP archive or a workbook (.xlsx): save the table as CSV"),
    (b"\xd0\xcf\x11\xe0", "it is a workbook (.xls): save the table as CSV"),
    (
        b"SQLite format 3\0",
        "it is an SQLite database, such as a GeoPackage: export the table as CSV or Parquet",
    ),
    (b"ARROW1\0\0", "it is Arrow or Feather: write the table as Parquet"),
    (b"\xff\xd8\xff", PICTURE),
    (b"\x89PNG", PICTURE),
    (b"(\xb5/\xfd", "it is compressed with zstd: pipe in what 'zstd -dc' gives"),
    (b"\xfd7zXZ\0", "it is compressed with xz: pipe in what 'xz -dc' gives"),
    (b"BZh91AY&SY", "it is compressed with bzip2: pipe in what 'bzip2 -dc' gives"),
    (b"7z\xbc\xaf", "it is a 7z archive: unpack it first"),
    (b"%PDF-", "it is a PDF, and no table"),
    (b"<!DOCTYPE", PAGE),
    (b"<!doctype", PAGE),
    (b"<html", PAGE),
    (b"<?xml", "it is XML: to-gpx --track and geotag-gpx --gpx read tracks (GPX, KML, TCX)"),
];

const PICTURE: &str = "it is a picture: read-exif makes rows of pictures";
const PAGE: &str = "it is a web page, and no table: was its download refused?";

/// The offset and the value of the magic number in the header of a tar (POSIX ustar, Header Block).
const TAR: (usize, &[u8]) = (257, b"ustar");

/// The message for an input that is not a table, by its first lines. `None` if it may be a table.
pub fn told(start: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = KINDS.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Some(what);
    }
    // The fields before it end with zeros, and text has none.
    let is_tar = start.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1));
    if is_tar && start[..TAR.0].contains(&0) {
        return Some(
            "it is a tar: unpack-tar, verify-archive and pack-tar --index make rows of it",
        );
    }
    // A quoted name may contain anything.
    let zero = start.iter().position(|&byte| byte == 0)?;
    (!start[..zero].contains(&b'"')).then_some("it is binary data, and no table")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_table_are_named_with_what_reads_them() {
        let tar = [&[b'a'; 100][..], &[0; 157], b"ustar\x0000"].concat();
        for (start, said) in [
            (&b"PK\x03\x04\x14\0"[..], "(.xlsx): save the table as CSV"),
            (b"SQLite format 3\0\x10", "GeoPackage"),
            (b"\xff\xd8\xff\xe1", "read-exif makes rows"),
            (b"<!doctype html><html>", "a web page"),
            (b"<?xml version=\"1.0\"?><gpx>", "to-gpx --track"),
            (b"(\xb5/\xfd\x04", "'zstd -dc'"),
            (b"ORC\0\0", "binary data"),
            (&tar, "unpack-tar"),
        ] {
            assert!(told(start).unwrap_or_default().contains(said), "{start:?}");
        }
    }

    #[test]
    fn what_may_be_a_table_is_read() {
        let text = [&b"{\"note\":\""[..], &[b'a'; 248], b"ustar\"}\n"].concat();
        for start in [
            &b""[..],
            &text,
            b"img_id,lon\n",
            b"{\"id\":1}",
            b"PK,SQLite,BZh\n",
            b"ORC\n",
            b"<https://www.mapillary.com/x>\n",
            "ä\u{1e}".as_bytes(),
        ] {
            assert_eq!(told(start), None, "{start:?}");
        }
    }
}
