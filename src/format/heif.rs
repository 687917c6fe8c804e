//! HEIC, HEIF and AVIF files, read only: size, EXIF and XMP, found through the meta box (ISO/IEC 23008-12, 14496-12).

mod boxes;
mod items;

use boxes::meta_box;
use items::Items;

use super::{
    Malformed,
    metadata_container::Layout,
    source::{MAX_BLOCK, Source, Unread},
};

/// Whether these first bytes are those of a HEIF file.
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

/// Finds the metadata items, and the size of the primary picture.
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
        // Four bytes give the offset from their end to the block (23008-12, A.2.1).
        let skipped =
            source.at(range.start, 4)?.first_chunk().map_or(0, |b| u32::from_be_bytes(*b));
        let start = range.start + 4 + u64::from(skipped);
        layout.exif = (start < range.end).then_some(start..range.end);
    }
    Ok(layout)
}

#[cfg(test)]
mod tests;
