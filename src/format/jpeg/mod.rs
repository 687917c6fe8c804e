//! JPEG files: the segments before the pixels, read and replaced; the end of the pixels, found by parsing.
//!
//! Pixels are never decoded here, nor copied through memory.

mod afcp;
mod end;
mod extended;
mod extras;
mod mpf;
mod previews;

pub use end::{End, is_whole};
pub use extras::Extras;

use super::{
    Malformed,
    container::{Layout, Splice},
    exif::{self, value::Order},
    source::{Source, Unread},
};

const EXIF: &[u8] = b"Exif\0";
const EXIF_NAME: &[u8] = b"Exif\0\0";
/// XMP specification part 3, 1.1.3.
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// What fits into one segment: its length is two bytes and counts itself (T.81, B.1.1.4).
const MAX_PAYLOAD: usize = 65_533;

/// The longest EXIF block that fits into one APP1, behind `Exif`, 0, 0.
pub const MAX_EXIF: usize = MAX_PAYLOAD - 6;

/// The longest XMP packet that fits into one APP1.
pub const MAX_XMP: usize = MAX_PAYLOAD - XMP.len();

/// Real heads have some tens of segments, an ICC profile or extended XMP some
/// hundreds more; no head that matters is longer.
const MAX_SEGMENTS: usize = 10_000;

/// One segment before the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub marker: u8,
    /// Where its 0xFF stands.
    pub at: u64,
    /// Bytes of its payload, which begins 4 bytes later.
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

/// The segments of a head, and what lies in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub layout: Layout,
    /// Whether the segments lead up to the pixels.
    is_whole: bool,
    segments: Vec<Segment>,
    exif: Option<Segment>,
    /// EXIF in more than one segment: a second block, or a long one that goes on.
    is_split: bool,
    xmp: Option<Segment>,
    extended: Vec<Segment>,
    mpf: Option<Segment>,
}

/// Reads the segments up to the first scan. Only a file that is no JPEG is an
/// error; a broken head gives what stands before the break.
pub fn read(source: &mut impl Source) -> Result<Head, Unread> {
    if source.at(0, 2)? != b"\xFF\xD8" {
        return Err(Unread::malformed(0, "no JPEG"));
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

/// The next segment; none where the pixels begin. The error is where the head breaks.
fn segment(
    source: &mut impl Source,
    mut at: u64,
) -> std::io::Result<Result<Option<Segment>, Malformed>> {
    let cut = |at: u64| Ok(Err(Malformed::at_byte(at as usize, "head is cut short")));
    // Any number of 0xFF may stand before a marker (T.81, B.1.1.2); a whole
    // segment of them is more than any writer pads.
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

impl Head {
    /// Notes what a segment is. A segment that the file's end cuts counts too:
    /// its EXIF can be read as far as it goes.
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
            0xE1 if start.starts_with(extended::NAME) => self.extended.push(segment),
            0xE2 if start.starts_with(mpf::NAME) && self.mpf.is_none() => self.mpf = Some(segment),
            // SOF0 to SOF15; DHT, JPG and DAC stand between them (T.81, table B.1).
            0xC0..=0xCF if !matches!(segment.marker, 0xC4 | 0xC8 | 0xCC) => {
                if let &[_, h1, h2, w1, w2, ..] = start {
                    let side = |bytes| u32::from(u16::from_be_bytes(bytes));
                    let (width, height) = (side([w1, w2]), side([h1, h2]));
                    // Height 0: it comes after the first scan (T.81, B.2.5).
                    self.layout.size = (width > 0 && height > 0).then_some((width, height));
                }
            }
            _ => {}
        }
        self.segments.push(segment);
        Ok(())
    }

    /// The rest of a packet that is too long for one segment, by the name that
    /// the packet has for it; else what is wrong with it, if anything.
    pub fn extended(
        &self,
        source: &mut impl Source,
        guid: &str,
    ) -> std::io::Result<Result<Vec<u8>, Option<Malformed>>> {
        extended::joined(source, &self.extended, guid)
    }

    /// The splices that put in a new EXIF block and a new XMP packet, each only
    /// when given. What is in the file takes its place; a new segment comes
    /// behind JFIF's, where readers look for it (Exif 2.32, 4.5.4).
    ///
    /// # Errors
    /// A head that is broken, or EXIF in several segments: not touched.
    pub fn splices(
        &self,
        source: &mut impl Source,
        exif: Option<&[u8]>,
        xmp: Option<&[u8]>,
    ) -> Result<Vec<Splice>, Unread> {
        if !self.is_whole {
            let end = self.segments.last().map_or(2, Segment::end);
            return Err(Unread::malformed(
                end,
                "a head that does not lead to pixels is not changed",
            ));
        }
        if self.is_split && exif.is_some() {
            let what = "EXIF in several segments is not changed: some readers take the first, some the last";
            return Err(Unread::malformed(self.exif.map_or(0, |exif| exif.at), what));
        }
        let mut splices = self.replaced(exif, xmp)?;
        if splices.iter().any(|splice| splice.growth() != 0) {
            self.follow(source, &mut splices)?;
        }
        // Stable: EXIF stays before XMP where both are inserted at one place.
        splices.sort_by_key(|splice| (splice.old.start, splice.old.end));
        Ok(splices)
    }

    fn replaced(&self, exif: Option<&[u8]>, xmp: Option<&[u8]>) -> Result<Vec<Splice>, Unread> {
        let first = self.segments.iter().take_while(|segment| segment.marker == 0xE0).last();
        let start = first.map_or(2, Segment::end);
        let mut splices = Vec::new();
        if let Some(block) = exif {
            let old = self.exif.map_or(start..start, |old| old.at..old.end());
            splices.push(Splice { old, new: app1(EXIF_NAME, block)? });
        }
        if let Some(packet) = xmp {
            let behind = self.exif.map_or(start, |exif| exif.end());
            let old = self.xmp.map_or(behind..behind, |old| old.at..old.end());
            splices.push(Splice { old, new: app1(XMP, packet)? });
        }
        Ok(splices)
    }

    /// What leads to places behind the head moves along with them.
    fn follow(&self, source: &mut impl Source, splices: &mut Vec<Splice>) -> std::io::Result<()> {
        let growth = splices.iter().map(Splice::growth).sum();
        let mut followers = afcp::follow(source, growth)?;
        if let Some(segment) = self.mpf {
            let name = mpf::NAME.len();
            let payload = source.at(segment.payload(), segment.len)?;
            let header = segment.payload() + name as u64;
            if let Some(index) = payload.get(name..) {
                followers.extend(mpf::follow(index, header, splices));
            }
        }
        for (at, order, place) in self.previews(source)? {
            let Ok(place) = u32::try_from(i64::from(place) + growth) else { continue };
            let new = order.put_u32(place).to_vec();
            match splices.iter_mut().find(|splice| splice.old.contains(&at)) {
                // A new block has all that is not ours where it was.
                Some(block) => {
                    let at = (at - block.old.start) as usize;
                    if let Some(old) = block.new.get_mut(at..at + 4) {
                        old.copy_from_slice(&new);
                    }
                }
                None => followers.push(Splice { old: at..at + 4, new }),
            }
        }
        splices.append(&mut followers);
        Ok(())
    }

    /// The places in the maker's note that lead behind the head.
    fn previews(&self, source: &mut impl Source) -> std::io::Result<Vec<(u64, Order, u32)>> {
        let (Some(range), Some(last)) = (&self.layout.exif, self.segments.last()) else {
            return Ok(Vec::new());
        };
        let mut block = source.at(range.start, (range.end - range.start) as usize)?;
        let note = match exif::tree::read(&mut block) {
            Ok(tree) => tree.entry(exif::tags::MAKER_NOTE).filter(exif::tree::Entry::is_far),
            Err(_) => None,
        };
        let Some(note) = note else { return Ok(Vec::new()) };
        let note_at = range.start + note.value_at;
        let len = note.len.min(range.end.saturating_sub(note_at)) as usize;
        let bytes = source.at(note_at, len)?.to_vec();
        let bases = [range.start, 0, note_at];
        let places = previews::places(source, &bytes, bases, last.end())?;
        Ok(places
            .into_iter()
            .map(|(at, order, place)| (note_at + at as u64, order, place))
            .collect())
    }
}

fn app1(name: &[u8], content: &[u8]) -> Result<Vec<u8>, Malformed> {
    let len = name.len() + content.len();
    if len > MAX_PAYLOAD {
        let what = format!("metadata of {len} bytes, at most {MAX_PAYLOAD} fit into a segment");
        return Err(Malformed::at_byte(MAX_PAYLOAD, what));
    }
    let size = (len as u16 + 2).to_be_bytes();
    Ok([&[0xFF, 0xE1], &size[..], name, content].concat())
}
