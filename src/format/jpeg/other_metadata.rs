//! The metadata of a JPEG other than EXIF, XMP and colour profile, which is lost if only those are copied.

use std::collections::BTreeMap;

use super::{EXIF, End, Head, XMP, extended, icc, mpf, payload};

/// Names of application segments that describe how the pixels are stored, or where other pictures are after this one:
/// those count as bytes after the picture.
const STRUCTURE: [&[u8]; 4] = [b"JFIF\0", b"JFXX\0", b"Adobe", mpf::NAME];

const COMMENT: u8 = 0xFE;

/// How encoders name themselves in comments. Any other comment may be the words of a person.
const SIGNATURES: [&[u8]; 12] = [
    b"CREATOR: gd-jpeg",
    b"Lavc",
    b"LEAD Technologies",
    b"Intel(R) JPEG Library",
    b"File written by Adobe Photoshop",
    b"Compressed by jpeg-recompress",
    b"Optimized by JPEGmini",
    b"Processed By eBay with ImageMagick",
    b"Handmade Software, Inc. Image Alchemy",
    b"ACD Systems Digital Imaging",
    b"JPEG Encoder Copyright",
    b"AppleMark",
];
/// These are the whole comment: people write on after them.
const WHOLE_SIGNATURES: [&[u8]; 2] = [b"Created with GIMP", b"Created with The GIMP"];

/// The other metadata of a JPEG, each part with its name and length in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// Separate data: IPTC, extended XMP, segments of makers, comments, bytes after the picture.
    pub data: Vec<String>,
    /// Whether there is a comment in which an encoder names itself.
    pub has_signature: bool,
}

impl Extras {
    /// Searches a whole file. `head` must come from the same bytes.
    pub fn find(bytes: &[u8], head: &Head) -> Extras {
        let mut lens: BTreeMap<String, usize> = BTreeMap::new();
        let mut extras = Extras::default();
        for segment in &head.segments {
            let payload = payload(bytes, segment);
            match name(segment.marker, payload) {
                Some(_) if [&head.exif, &head.xmp].contains(&&Some(*segment)) => {}
                Some(name) => *lens.entry(name).or_default() += payload.len(),
                None => extras.has_signature |= segment.marker == COMMENT,
            }
        }
        let tail = tail_len(bytes);
        if tail > 0 {
            lens.insert("data behind the picture".to_string(), tail);
        }
        extras.data = lens.iter().map(|(name, len)| format!("{name} ({len} bytes)")).collect();
        extras
    }
}

/// The name of a segment that holds separate data, including EXIF and XMP.
fn name(marker: u8, payload: &[u8]) -> Option<String> {
    let starts = |name: &[u8]| payload.starts_with(name);
    let known = match marker {
        0xE0..=0xEF if STRUCTURE.iter().any(|name| starts(name)) => return None,
        0xE2 if starts(icc::NAME) => return None,
        0xE1 if starts(EXIF) => "EXIF in a second segment".to_string(),
        0xE1 if starts(XMP) => "a second XMP packet".to_string(),
        0xE1 if starts(extended::NAME) => "extended XMP".to_string(),
        0xED if starts(b"Photoshop 3.0\0") => "IPTC".to_string(),
        0xE0..=0xEF => format!("APP{} {}", marker - 0xE0, shown(payload)),
        COMMENT if !is_signature(payload) => "comment".to_string(),
        _ => return None,
    };
    Some(known)
}

/// Whether a comment says nothing but the name of an encoder.
fn is_signature(comment: &[u8]) -> bool {
    let text = comment.trim_ascii_end().strip_suffix(b"\0").unwrap_or(comment).trim_ascii();
    text.is_empty()
        || WHOLE_SIGNATURES.contains(&text)
        || SIGNATURES.iter().any(|name| text.starts_with(name))
}

/// The name at the start of an application segment, by convention.
fn shown(payload: &[u8]) -> String {
    let name = payload.iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric());
    format!("'{}'", name.map(|&byte| char::from(byte)).collect::<String>())
}

/// Length of the bytes after the end marker, up to the last one that is not zero.
fn tail_len(bytes: &[u8]) -> usize {
    let mut end = End::default();
    end.push(bytes);
    let tail = end.end().and_then(|end| bytes.get(end as usize..)).unwrap_or_default();
    tail.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
        let len = (payload.len() as u16 + 2).to_be_bytes();
        [&[0xFF, marker], &len[..], payload].concat()
    }

    fn extras(segments: &[Vec<u8>], tail: &[u8]) -> Extras {
        let pixels = b"\xFF\xDA\0\x02pixels\xFF\xD9";
        let bytes = [b"\xFF\xD8", &segments.concat()[..], pixels, tail].concat();
        Extras::find(&bytes, &crate::format::jpeg::read(&mut &bytes[..]).unwrap())
    }

    #[test]
    fn what_every_picture_has_is_no_extra() {
        let usual = [
            segment(0xE0, b"JFIF\0\x01\x02"),
            segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0"),
            segment(0xE1, &[XMP, b"<x/>"].concat()),
            segment(0xE2, &[icc::NAME, b"\x01\x01p"].concat()),
            segment(0xEE, b"Adobe\0"),
            segment(0xDB, &[0; 65]),
        ];
        assert_eq!(extras(&usual, &[0; 20]), Extras::default());
        for comment in
            [&b"Lavc58.91.100\0"[..], b"CREATOR: gd-jpeg v1.0\n", b"Created with GIMP", b""]
        {
            let signed = Extras { has_signature: true, ..Extras::default() };
            assert_eq!(extras(&[segment(0xFE, comment)], b""), signed);
        }
    }

    #[test]
    fn data_of_its_own_is_named_with_its_length() {
        let more = [
            segment(0xE1, b"Exif\0\0II*\0"),
            segment(0xE1, b"Exif\0\0more"),
            segment(0xE1, &[XMP, b"<x/>"].concat()),
            segment(0xE1, &[XMP, b"<y/>"].concat()),
            segment(0xE1, &[extended::NAME, b"12"].concat()),
            segment(0xE1, &[extended::NAME, b"345"].concat()),
            segment(0xE6, b"GoPro\0x"),
            segment(0xED, b"Photoshop 3.0\08BIM"),
            segment(0xFE, b"made by hand"),
            segment(0xFE, b"Created with GIMP: me"),
        ];
        let found = extras(&more, b"video\0");
        let names = [
            "APP6 'GoPro' (7 bytes)",
            "EXIF in a second segment (10 bytes)",
            "IPTC (18 bytes)",
            "a second XMP packet (33 bytes)",
            "comment (33 bytes)",
            "data behind the picture (5 bytes)",
            "extended XMP (75 bytes)",
        ];
        assert_eq!(found.data, names);
    }

    #[test]
    fn cut_and_broken_files_do_no_harm() {
        let segments = [segment(0xE1, b"Exif\0\0II*\0"), segment(0xED, b"Photoshop 3.0\0")];
        let bytes = [b"\xFF\xD8", &segments.concat()[..], b"\xFF\xDA\0\x02p\xFF\xD9t"].concat();
        let look = |bytes: &[u8]| {
            if let Ok(head) = crate::format::jpeg::read(&mut &bytes[..]) {
                Extras::find(bytes, &head);
            }
        };
        (0..bytes.len()).for_each(|end| look(&bytes[..end]));
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut broken = bytes.clone();
            let at = random.usize(..broken.len());
            broken[at] = random.u8(..);
            look(&broken);
        }
    }
}
