//! The items of a file: which of them are metadata, where they are, and the size of the primary picture.

use std::{collections::HashMap, ops::Range};

use super::boxes::{FieldReader, MAX_BOXES, boxes};

/// The item information in the meta box.
#[derive(Default)]
pub(super) struct Items {
    pub exif: Option<u32>,
    pub xmp: Option<u32>,
    pub ranges: HashMap<u32, Range<u64>>,
    pub size: Option<(u32, u32)>,
}

impl Items {
    pub fn read(meta: &[u8], meta_at: u64) -> Items {
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
        // Offsets into idat count from its content, which is inside the meta box.
        let idat = content(b"idat").map(|idat| meta_at + place_in(meta, idat));
        if let Some(iloc) = content(b"iloc") {
            let _ = items.places(iloc, idat);
        }
        if let (Some(iprp), Some(main)) = (content(b"iprp"), main) {
            items.size = size_of(iprp, main as u32);
        }
        items
    }

    /// Finds the items with EXIF and with XMP.
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

    /// The locations of the items (14496-12, 8.11.3). Items in several parts are skipped, because no writer splits
    /// metadata.
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

/// The size associated with the primary picture (23008-12, 6.5.3).
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
