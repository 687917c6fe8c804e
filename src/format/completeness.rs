//! Checks whether a picture is complete while its bytes stream past: a JPEG by its frame, its pixels
//! and its end marker, a WebP by its declared
//! length.

use std::io::{self, Read, Seek, SeekFrom};

use super::jpeg;
use super::picture::PictureFormat;
use crate::value::picture_endings;

/// Enough bytes to recognize the format and to read the length of a WebP.
const HEAD: usize = 12;

/// Endings of names whose files begin like a picture of a known format. Of the others, such as TIFF and HEIF, there
/// are kinds that [`PictureFormat::detect`] does not know.
const NAMED_BY_FORMAT: [&str; 8] = ["jpg", "jpeg", "jpe", "jfif", "mpo", "insp", "webp", "png"];

/// Receives a picture in parts.
#[derive(Debug, Default)]
pub struct Whole {
    head: Vec<u8>,
    seen: u64,
    end: jpeg::End,
}

impl Whole {
    pub fn push(&mut self, part: &[u8]) {
        let missing = HEAD.saturating_sub(self.head.len()).min(part.len());
        self.head.extend_from_slice(&part[..missing]);
        self.seen += part.len() as u64;
        if self.head.starts_with(b"\xff") {
            self.end.push(part);
        }
    }

    /// The fault of a file with this name: a file named as a JPEG, a WebP or a PNG must be a picture, in any format. Zeros
    /// left by a power cut, or a page instead of the picture, are faults.
    pub fn fault_of(&self, name: &str) -> Option<String> {
        let is_named = picture_endings::has(name, &NAMED_BY_FORMAT);
        let is_none = is_named && PictureFormat::detect(&self.head).is_none();
        self.fault().or_else(|| is_none.then(|| "it does not begin like a picture".to_string()))
    }

    /// The fault once all parts were pushed. Other formats are not checked.
    pub fn fault(&self) -> Option<String> {
        match self.head.as_slice() {
            [0xff, 0xd8, ..] if self.end.end().is_none() => Some("the JPEG has no end".to_string()),
            [0xff, 0xd8, ..] if !self.end.has_picture() => {
                Some("the JPEG has an end and no pixels".to_string())
            }
            [b'R', b'I', b'F', b'F', a, b, c, d, ..] => {
                // The declared size does not count the first 8 bytes, up to its own end (RFC 9649, section
                // 2.3).
                let stated = u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8;
                (self.seen < stated)
                    .then(|| format!("the WebP has {} of {stated} bytes", self.seen))
            }
            [] => Some("it is empty".to_string()),
            _ => None,
        }
    }
}

/// Bytes read at once.
const PART: usize = 64 << 10;

/// The fault of a picture, of which all is read only if it does not end with the end marker of a JPEG. A JPEG that is cut
/// right behind such a pair of bytes passes.
///
/// # Errors
/// If it cannot be read.
pub fn likely_fault(mut from: impl Read + Seek) -> io::Result<Option<String>> {
    let mut last = [0; 2];
    if from.seek(SeekFrom::End(-2)).is_ok() {
        from.read_exact(&mut last)?;
    }
    if last == [0xff, 0xd9] {
        return Ok(None);
    }
    from.rewind()?;
    let (mut whole, mut part) = (Whole::default(), vec![0; PART]);
    loop {
        match from.read(&mut part)? {
            0 => return Ok(whole.fault()),
            read => whole.push(&part[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8], step: usize) -> Option<String> {
        let mut whole = Whole::default();
        bytes.chunks(step).for_each(|part| whole.push(part));
        whole.fault()
    }

    #[test]
    fn a_picture_cut_anywhere_is_not_whole_in_parts_of_any_size() {
        let jpeg =
            b"\xff\xd8\xff\xfe\x00\x04hi\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\
            \xff\xda\x00\x02scan\xff\x00more\xff\xd9";
        let webp = crate::format::webp::sample();
        for picture in [&jpeg[..], &webp] {
            for step in [1, 5, 1000] {
                assert_eq!(fault(picture, step), None);
                for end in [0].into_iter().chain(9..picture.len()) {
                    assert!(fault(&picture[..end], step).is_some(), "cut at {end}");
                }
            }
        }
        assert_eq!(fault(b"\x89PNG", 2), None);
        let empty = Some("the JPEG has an end and no pixels".to_string());
        assert_eq!(fault(b"\xff\xd8\xff\xd9", 9), empty, "of a frame and a scan there is nothing");
    }

    #[test]
    fn a_cut_jpeg_is_found_by_its_last_bytes_and_one_with_more_behind_its_end_is_read() {
        let jpeg = b"\xff\xd8\xff\xc0\x00\x04hi\xff\xda\x00\x02scan\xff\xd9";
        let of = |bytes: &[u8]| likely_fault(io::Cursor::new(bytes)).unwrap();
        assert_eq!((of(jpeg), of(&[&jpeg[..], b"video"].concat())), (None, None));
        for end in 0..jpeg.len() {
            assert!(of(&jpeg[..end]).is_some() || end == 1, "cut at {end}");
        }
        assert!(of(&crate::format::webp::sample()).is_none());
    }

    #[test]
    fn a_file_that_is_named_as_a_picture_and_is_none_is_told() {
        let of = |name: &str, bytes: &[u8]| {
            let mut whole = Whole::default();
            whole.push(bytes);
            whole.fault_of(name)
        };
        let said = Some("it does not begin like a picture".to_string());
        for bytes in [&[0; 100][..], b"<html>503</html>", b"x"] {
            assert_eq!(of("a/1.jpg", bytes), said);
            assert_eq!((of("1.JPEG", bytes), of("1.insp", bytes)), (said.clone(), said.clone()));
            assert_eq!((of("1.json", bytes), of("jpg", bytes)), (None, None));
        }
        assert_eq!(of("1.jpg", b"\x89PNG\r\n\x1a\n...."), None, "of another format, and a picture");
        assert_eq!(of("1.jpg", b""), Some("it is empty".into()));
    }
}
