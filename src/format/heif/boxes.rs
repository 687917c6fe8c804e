//! Boxes and their fields (ISO/IEC 14496-12, 4.2).

use std::ops::Range;

use crate::format::source::{Source, Unread};

/// The maximum number of boxes at one level. A file has about ten; a grid of tiles has at most one property for
/// each tile.
pub(super) const MAX_BOXES: usize = 10_000;

/// The content of the meta box, found among the top-level boxes.
pub(super) fn meta_box(source: &mut impl Source) -> Result<Option<Range<u64>>, Unread> {
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

/// Name, header length and total length of a box; 0 means up to the end of the file.
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
pub(super) fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (name, skipped, len) = box_header(bytes)?;
        let len = if len == 0 { bytes.len() } else { usize::try_from(len).ok()? };
        let content = bytes.get(skipped as usize..len)?;
        bytes = &bytes[len..];
        Some((name, content))
    })
    .take(MAX_BOXES)
}

/// Reads fields in sequence.
pub(super) struct FieldReader<'a>(pub &'a [u8]);

impl FieldReader<'_> {
    /// A number of n bytes; `None` past the end or for more than 8 bytes.
    pub fn number(&mut self, bytes: usize) -> Option<u64> {
        let (head, rest) = self.0.split_at_checked(bytes).filter(|_| bytes <= 8)?;
        self.0 = rest;
        Some(head.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The version of a full box; its flags are skipped.
    pub fn version(&mut self) -> Option<u64> {
        self.number(4).map(|head| head >> 24)
    }
}
