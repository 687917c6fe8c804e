//! Recognizes files that are not tracks, so that the error message can name their format.

use super::scalars;
use super::sniff::root;

/// Offset, bytes, and the name of the format.
const MARKS: [(usize, &[u8], &str); 33] = [
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (8, b"AVI ", "an AVI video"),
    (8, b"WAVE", "a WAV sound"),
    (4, b"ftypheic", "a HEIF picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftypcrx", "a raw picture"),
    (4, b"ftyp", "an MP4 or QuickTime video"),
    (4, b"moov", "a QuickTime video"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska video"),
    (0, b"II*\0", "a TIFF or raw picture"),
    (0, b"MM\0*", "a TIFF or raw picture"),
    (0, b"FUJIFILMCCD-RAW", "a raw picture"),
    (0, b"ID3", "an MP3 sound"),
    (0, b"SQLite format 3\0", "a SQLite database"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\xd0\xcf\x11\xe0", "an old Office document"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive, which is to be unpacked"),
    (0, b"Rar!", "a RAR archive, which is to be unpacked"),
    (0, b"BZh", "a bzip2 file, which is to be unpacked"),
    (0, b"\xfd7zXZ\0", "an xz file, which is to be unpacked"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd file, which is to be unpacked"),
    (257, b"ustar", "a tar, which is to be unpacked"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program for Windows"),
    (0, b"MsRcf", "a file of MapSource"),
    (0, b"OziExplorer", "a file of OziExplorer"),
    (0, b"\xb5\x62", "a raw log of a u-blox receiver"),
    (0, b"\xa0\xa2", "a raw log of a SiRF receiver"),
    (60, b"RINEX VERSION", "a RINEX file"),
    (2, b"DSKIMG", "a map of Garmin"),
];

/// `a JPEG picture`, `a page of HTML`, `text that begins with '...'`.
pub fn looks_like(bytes: &[u8]) -> String {
    if let Some(name) = mark(bytes) {
        return name.to_string();
    }
    let head = scalars::decode(&bytes[..bytes.len().min(4096)]);
    let start = head.trim_start();
    match start.chars().next() {
        None => "an empty file".into(),
        Some('<') => of_xml(start),
        Some('{' | '[') => "JSON without places and times that are known here".into(),
        Some(_) if is_text(&head) => {
            let line: String = start.lines().next().unwrap_or_default().chars().take(40).collect();
            format!("text that begins with '{line}'")
        }
        Some(_) => "binary data of an unknown kind".into(),
    }
}

/// The format, from the first bytes alone.
pub fn mark(bytes: &[u8]) -> Option<&'static str> {
    let is_there = |at: usize, mark: &[u8]| bytes.get(at..at + mark.len()) == Some(mark);
    MARKS.iter().find(|(at, mark, _)| is_there(*at, mark)).map(|(.., name)| *name)
}

fn of_xml(start: &str) -> String {
    let lower: String = start.chars().take(200).collect::<String>().to_ascii_lowercase();
    match root(start) {
        _ if lower.contains("<!doctype html") || lower.contains("<html") => "a page of HTML".into(),
        Some("svg") => "an SVG picture".into(),
        Some(name) => format!("XML of the kind '{}'", name.chars().take(40).collect::<String>()),
        None => "the beginning of XML".into(),
    }
}

fn is_text(head: &str) -> bool {
    let is_odd =
        |c: &char| c.is_control() && !c.is_whitespace() || *c == char::REPLACEMENT_CHARACTER;
    // A few bytes in an encoding other than UTF-8 are accepted in a text.
    !head.contains('\0') && head.chars().filter(is_odd).count() * 20 <= head.chars().count()
}

#[cfg(test)]
mod tests;
