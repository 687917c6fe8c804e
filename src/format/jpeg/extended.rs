//! Extended XMP, which is split over several segments (XMP part 3, 1.1.3.1): joined for reading, never changed.

use std::io;

use super::Segment;
use crate::format::Malformed;
use crate::format::source::Source;

/// Followed by the GUID by which the packet refers to its extension (32 bytes), the total length, and the offset of
/// this part.
pub(super) const NAME: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const GUID: usize = 32;
const HEADER: usize = NAME.len() + GUID + 8;

/// The maximum length. Longer ones hold pictures and sounds as text, for which rows have no column.
const MAX_LEN: usize = 1 << 20;

/// The whole extension, or its fault. Both are `None` if it is only too long.
pub(super) fn joined(
    source: &mut impl Source,
    segments: &[Segment],
    guid: &str,
) -> io::Result<Result<Vec<u8>, Option<Malformed>>> {
    let mut parts: Vec<(usize, Vec<u8>)> = Vec::new();
    let (mut whole, mut held) = (0, 0);
    for segment in segments {
        let bytes = source.at(segment.payload(), segment.len)?;
        let Some((header, part)) = bytes.split_at_checked(HEADER) else { continue };
        if &header[NAME.len()..HEADER - 8] != guid.as_bytes() {
            continue;
        }
        whole = number(&header[HEADER - 8..]);
        held += part.len();
        if whole.max(held) > MAX_LEN {
            return Ok(Err(None));
        }
        parts.push((number(&header[HEADER - 4..]), part.to_vec()));
    }
    parts.sort_by_key(|(at, _)| *at);
    let is_whole =
        parts.iter().try_fold(0, |end, (at, part)| (*at == end).then(|| at + part.len()));
    if is_whole != Some(whole) || whole == 0 {
        let at = segments.first().map_or(0, |segment| segment.at);
        return Ok(Err(Some(Malformed::at_byte(at as usize, "extended XMP is not all there"))));
    }
    Ok(Ok(parts.into_iter().flat_map(|(_, part)| part).collect()))
}

fn number(bytes: &[u8]) -> usize {
    bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize)
}
