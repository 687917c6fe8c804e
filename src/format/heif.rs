//! HEIC, HEIF and AVIF files, read only: size, EXIF and XMP through their meta box (ISO/IEC 23008-12, 14496-12).

use std::{collections::HashMap, ops::Range};

use super::{
    Malformed,
    container::Layout,
    source::{MAX_BLOCK, Source, Unread},
};

/// A file has some ten boxes beside each other; a grid of tiles has a property
/// for each at most.
const MAX_BOXES: usize = 10_000;

/// Whether these are the first bytes of such a file.
pub fn is_heif(start: &[u8]) -> bool {
    let brand = start.get(8..12).unwrap_or_default();
    start.get(4..8) == Some(b"ftyp")
        && matches!(
            brand,
            b"heic"
                | b"heix"
                | b"hevc"
                | b"hevx"
                | b"heim"
                | b"heis"
                | b"mif1"
                | b"msf1"
                | b"avif"
                | b"avis"
        )
}

/// Finds the items that hold metadata, and the size of the main picture.
pub fn read(source: &mut impl Source) -> Result<Layout, Unread> {
    if !is_heif(source.at(0, 12)?) {
        return Err(Unread::malformed(0, "no HEIF"));
    }
    let mut layout = Layout::default();
    let Some(range) = meta_box(source)? else {
        layout.faults.push(Malformed::at_byte(0, "HEIF without a meta box"));
        return Ok(layout);
    };
    let len = (range.end - range.start).min(MAX_BLOCK) as usize;
    let meta = source.at(range.start, len)?.to_vec();
    let items = Items::read(&meta, range.start);
    layout.size = items.size;
    layout.xmp = items.ranges.get(&items.xmp.unwrap_or(0)).cloned();
    if let Some(range) = items.exif.and_then(|id| items.ranges.get(&id)) {
        // Four bytes tell how far behind them the block begins (23008-12, A.2.1).
        let skipped =
            source.at(range.start, 4)?.first_chunk().map_or(0, |b| u32::from_be_bytes(*b));
        let start = range.start + 4 + u64::from(skipped);
        layout.exif = (start < range.end).then_some(start..range.end);
    }
    Ok(layout)
}

/// The content of the meta box among the boxes of the file.
fn meta_box(source: &mut impl Source) -> Result<Option<Range<u64>>, Unread> {
    let mut at = 0;
    for _ in 0..MAX_BOXES {
        let header = source.at(at, 16)?;
        let Some((name, skipped, len)) = box_header(header) else { return Ok(None) };
        let end = if len == 0 { source.size() } else { at.saturating_add(len) };
        if name == *b"meta" {
            return Ok(Some(at + skipped + 4..end.max(at + skipped + 4)));
        }
        at = end;
    }
    Ok(None)
}

/// Name, bytes of the header, bytes of the box; 0 means to the end of the file.
fn box_header(header: &[u8]) -> Option<([u8; 4], u64, u64)> {
    let len = u32::from_be_bytes(*header.first_chunk()?);
    let name = *header.get(4..8)?.first_chunk()?;
    match len {
        0 => Some((name, 8, 0)),
        1 => {
            let len = u64::from_be_bytes(*header.get(8..16)?.first_chunk()?);
            (len >= 16).then_some((name, 16, len))
        }
        _ => (len >= 8).then_some((name, 8, u64::from(len))),
    }
}

/// The boxes inside a box.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (name, skipped, len) = box_header(bytes)?;
        let len = if len == 0 { bytes.len() } else { usize::try_from(len).ok()? };
        let content = bytes.get(skipped as usize..len)?;
        bytes = &bytes[len..];
        Some((name, content))
    })
    .take(MAX_BOXES)
}

/// What the meta box says about items.
#[derive(Default)]
struct Items {
    exif: Option<u32>,
    xmp: Option<u32>,
    ranges: HashMap<u32, Range<u64>>,
    size: Option<(u32, u32)>,
}

impl Items {
    fn read(meta: &[u8], meta_at: u64) -> Items {
        let mut items = Items::default();
        let mut main = None;
        let content = |wanted: &[u8; 4]| boxes(meta).find(|(name, _)| name == wanted).map(|b| b.1);
        if let Some(pitm) = content(b"pitm") {
            let mut fields = FieldReader(pitm);
            let wide = fields.version().is_some_and(|version| version > 0);
            main = fields.number(if wide { 4 } else { 2 });
        }
        if let Some(iinf) = content(b"iinf") {
            items.names(iinf);
        }
        // Places in idat count from its content, which lies inside the meta box.
        let idat = content(b"idat").map(|idat| meta_at + place_in(meta, idat));
        if let Some(iloc) = content(b"iloc") {
            let _ = items.places(iloc, idat);
        }
        if let (Some(iprp), Some(main)) = (content(b"iprp"), main) {
            items.size = size_of(iprp, main as u32);
        }
        items
    }

    /// Which item is EXIF, and which is XMP.
    fn names(&mut self, iinf: &[u8]) {
        let skipped = if iinf.first() == Some(&0) { 6 } else { 8 };
        for (_, infe) in boxes(iinf.get(skipped..).unwrap_or_default()) {
            let mut fields = FieldReader(infe);
            let version = fields.version().unwrap_or(0);
            let id = fields.number(if version > 2 { 4 } else { 2 }).map(|id| id as u32);
            let rest = fields.0.get(2..).unwrap_or_default();
            match rest.get(..4) {
                Some(b"Exif") => self.exif = self.exif.or(id),
                Some(b"mime") if memchr::memmem::find(rest, b"application/rdf+xml").is_some() => {
                    self.xmp = self.xmp.or(id);
                }
                _ => {}
            }
        }
    }

    /// Where items lie (14496-12, 8.11.3). Those in several parts are left out:
    /// no writer cuts metadata up.
    fn places(&mut self, iloc: &[u8], idat: Option<u64>) -> Option<()> {
        let mut fields = FieldReader(iloc);
        let version = fields.version()?;
        let sizes = fields.number(2)? as usize;
        let [offset, length, base, index] = [12, 8, 4, 0].map(|shift| sizes >> shift & 15);
        let index = if version == 0 { 0 } else { index };
        let count = fields.number(if version < 2 { 2 } else { 4 })?;
        for _ in 0..count.min(MAX_BOXES as u64) {
            let id = fields.number(if version < 2 { 2 } else { 4 })?;
            let method = if version == 0 { 0 } else { fields.number(2)? & 15 };
            fields.number(2)?;
            let base = fields.number(base)?;
            let parts = fields.number(2)?;
            for part in 0..parts {
                fields.number(index)?;
                let start = base.checked_add(fields.number(offset)?)?;
                let len = fields.number(length)?;
                let origin = if method == 1 { idat } else { Some(0) };
                if let (0, 1, Some(origin), 0 | 1) = (part, parts, origin, method) {
                    let start = origin.checked_add(start)?;
                    self.ranges.insert(id as u32, start..start.checked_add(len)?);
                }
            }
        }
        Some(())
    }
}

fn place_in(whole: &[u8], part: &[u8]) -> u64 {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize) as u64
}

/// The size that is bound to the main picture (23008-12, 6.5.3).
fn size_of(iprp: &[u8], main: u32) -> Option<(u32, u32)> {
    let ipco = boxes(iprp).find(|(name, _)| name == b"ipco")?.1;
    let properties: Vec<_> = boxes(ipco).collect();
    let ipma = boxes(iprp).find(|(name, _)| name == b"ipma")?.1;
    let wide = *ipma.get(3)? & 1 == 1;
    let mut fields = FieldReader(ipma);
    let version = fields.version()?;
    let count = fields.number(4)?;
    for _ in 0..count.min(MAX_BOXES as u64) {
        let id = fields.number(if version < 1 { 2 } else { 4 })?;
        for _ in 0..fields.number(1)? {
            let mask = if wide { 0x7FFF } else { 0x7F };
            let index = (fields.number(if wide { 2 } else { 1 })? & mask) as usize;
            let property = index.checked_sub(1).and_then(|index| properties.get(index));
            if let Some((name, ispe)) = property
                && id as u32 == main
                && name == b"ispe"
            {
                let mut fields = FieldReader(ispe.get(4..)?);
                return Some((fields.number(4)? as u32, fields.number(4)? as u32));
            }
        }
    }
    None
}

/// Fields one after the other.
struct FieldReader<'a>(&'a [u8]);

impl FieldReader<'_> {
    /// A number of so many bytes; none beyond the end or beyond 8 bytes.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let (head, rest) = self.0.split_at_checked(bytes).filter(|_| bytes <= 8)?;
        self.0 = rest;
        Some(head.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The version of a full box; its flags are passed over.
    fn version(&mut self) -> Option<u64> {
        self.number(4).map(|head| head >> 24)
    }
}

#[cfg(test)]
mod tests;
