//! JPEG files: reads and replaces the segments before the pixels, finds the end of the pixels by parsing, and decodes
//! them.
//!
//! Only `decode` needs a whole file in memory.

mod afcp;
mod change;
mod decode;
mod end;
mod extended;
mod icc;
mod libjpeg;
mod mpf;
mod other_metadata;
mod planes;
mod previews;
mod scan_completeness;

pub use decode::{Pixels, Stored, Undecoded, decode, decode_stored, preview};
pub use end::{End, is_whole};
pub use icc::{ProfileError, profile};
pub use other_metadata::Extras;
pub use planes::{Plane, Planes};

use super::{
    Malformed,
    metadata_container::Layout,
    source::{Source, Unread},
};

const EXIF: &[u8] = b"Exif\0";
/// XMP specification part 3, 1.1.3.
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The longest payload of a segment: its length is two bytes and counts itself (T.81, B.1.1.4).
const MAX_PAYLOAD: usize = 65_533;

/// The longest EXIF block that fits into one APP1, after `Exif`, 0, 0.
pub const MAX_EXIF: usize = MAX_PAYLOAD - 6;

/// The longest XMP packet that fits into one APP1.
pub const MAX_XMP: usize = MAX_PAYLOAD - XMP.len();

/// The maximum number of segments. Real headers have a few dozen, and an ICC profile or extended XMP a few
/// hundred more.
const MAX_SEGMENTS: usize = 10_000;

/// One segment before the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub marker: u8,
    /// The offset of its 0xFF.
    pub at: u64,
    /// Length of its payload in bytes; the payload begins 4 bytes later.
    pub len: usize,
}

impl Segment {
    fn payload(&self) -> u64 {
        self.at + 4
    }

    fn end(&self) -> u64 {
        self.payload() + self.len as u64
    }
}

/// The payload of a segment.
fn payload<'a>(bytes: &'a [u8], segment: &Segment) -> &'a [u8] {
    bytes.get(segment.payload() as usize..segment.end() as usize).unwrap_or_default()
}

/// The segments of a header, and what they contain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub layout: Layout,
    /// Whether the header is complete, up to the pixels.
    is_whole: bool,
    segments: Vec<Segment>,
    exif: Option<Segment>,
    /// Whether EXIF is in more than one segment: a second block, or the continuation of a long one.
    is_split: bool,
    xmp: Option<Segment>,
    extended: Vec<Segment>,
    mpf: Option<Segment>,
}

/// Reads the segments up to the first scan. Only a file that is not a JPEG is an error; from a broken header,
/// the valid part is returned.
pub fn read(source: &mut impl Source) -> Result<Head, Unread> {
    if source.at(0, 2)? != b"\xFF\xD8" {
        return Err(Unread::malformed(0, "not a JPEG"));
    }
    let mut head = Head::default();
    let mut at = 2;
    for _ in 0..MAX_SEGMENTS {
        match segment(source, at)? {
            Ok(Some(segment)) => {
                at = segment.end();
                head.add(source, segment)?;
            }
            Ok(None) => {
                head.is_whole = true;
                return Ok(head);
            }
            Err(fault) => {
                head.layout.faults.push(fault);
                return Ok(head);
            }
        }
    }
    head.layout.faults.push(Malformed::at_byte(at as usize, "too many segments"));
    Ok(head)
}

/// The next segment; `None` at the start of the pixels. The error says where the header is broken.
fn segment(
    source: &mut impl Source,
    mut at: u64,
) -> std::io::Result<Result<Option<Segment>, Malformed>> {
    let cut = |at: u64| Ok(Err(Malformed::at_byte(at as usize, "the header is incomplete")));
    // Any number of 0xFF may precede a marker (T.81, B.1.1.2); a whole segment of them is more than any writer pads.
    for _ in 0..MAX_PAYLOAD {
        let (marker, len) = match *source.at(at, 4)? {
            [0xFF, 0xFF, ..] => {
                at += 1;
                continue;
            }
            [0xFF, 0xDA | 0xD9, ..] => return Ok(Ok(None)),
            [0xFF, 0x01 | 0xD0..=0xD8, _, _] => {
                at += 2;
                continue;
            }
            [0xFF, marker, a, b] if marker != 0 => {
                (marker, usize::from(u16::from_be_bytes([a, b])))
            }
            [_, _, _, _] => {
                return Ok(Err(Malformed::at_byte(
                    at as usize,
                    "no marker where a segment begins",
                )));
            }
            _ => return cut(at),
        };
        return Ok(match len.checked_sub(2) {
            Some(len) => Ok(Some(Segment { marker, at, len })),
            None => Err(Malformed::at_byte(at as usize, "segment shorter than its own length")),
        });
    }
    cut(at)
}

/// SOF0 to SOF15; DHT, JPG and DAC are in the same range (T.81, table B.1).
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

impl Head {
    /// Classifies a segment. A segment truncated by the end of the file is included: its EXIF is read as far as
    /// it is present.
    fn add(&mut self, source: &mut impl Source, segment: Segment) -> std::io::Result<()> {
        let start = source.at(segment.payload(), segment.len.min(40))?;
        let range = |skipped: usize| segment.payload() + skipped as u64..segment.end();
        match segment.marker {
            0xE1 if start.starts_with(EXIF) && start.len() >= 6 => match self.exif {
                None => {
                    self.exif = Some(segment);
                    self.layout.exif = Some(range(6));
                }
                Some(_) => {
                    self.is_split = true;
                    let what = "second EXIF segment, only the first is read";
                    self.layout.faults.push(Malformed::at_byte(segment.at as usize, what));
                }
            },
            0xE1 if start.starts_with(XMP) && self.xmp.is_none() => {
                self.xmp = Some(segment);
                self.layout.xmp = Some(range(XMP.len()));
            }
            0xE1 if start.starts_with(XMP) => {
                let what = "second XMP packet, only the first is read";
                self.layout.faults.push(Malformed::at_byte(segment.at as usize, what));
            }
            0xE1 if start.starts_with(extended::NAME) => self.extended.push(segment),
            0xE2 if start.starts_with(mpf::NAME) && self.mpf.is_none() => self.mpf = Some(segment),
            marker if is_frame(marker) => {
                if let &[_, h1, h2, w1, w2, ..] = start {
                    let side = |bytes| u32::from(u16::from_be_bytes(bytes));
                    let (width, height) = (side([w1, w2]), side([h1, h2]));
                    // A height of 0 means that it is given after the first scan (T.81, B.2.5).
                    self.layout.size = (width > 0 && height > 0).then_some((width, height));
                }
            }
            _ => {}
        }
        self.segments.push(segment);
        Ok(())
    }

    /// The rest of a packet that is too long for one segment, found by the name that the packet gives it; otherwise its
    /// fault, if any.
    pub fn extended(
        &self,
        source: &mut impl Source,
        guid: &str,
    ) -> std::io::Result<Result<Vec<u8>, Option<Malformed>>> {
        extended::joined(source, &self.extended, guid)
    }
}
