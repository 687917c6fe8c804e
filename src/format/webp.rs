//! WebP files: reads and replaces their chunks, without touching the pixels (RFC 9649, section 2).

mod picture_size;
mod with_metadata;

use std::ops::Range;

use picture_size::{canvas, lossless_size, lossy_size};
pub use with_metadata::{Metadata, with_metadata};

use super::{
    Malformed,
    metadata_container::{Layout, Splice},
    source::{Source, Unread},
};

/// Flags of VP8X (RFC 9649, section 2.7).
const HAS_ICC: u8 = 0x20;
const HAS_ALPHA: u8 = 0x10;
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// The maximum number of chunks. An animation has a chunk for each frame; no useful file has more.
const MAX_CHUNKS: usize = 100_000;

/// The chunks of a file, and what they contain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunks {
    pub layout: Layout,
    /// The end of the RIFF data; bytes may follow it.
    pub end: u64,
    /// Whether all chunks are present.
    pub is_whole: bool,
    /// The flags of VP8X, if there is one.
    flags: Option<u8>,
    has_alpha: bool,
    exif: Option<Range<u64>>,
    xmp: Option<Range<u64>>,
}

/// Walks the chunks and reads only their headers.
///
/// # Errors
/// A file that is not a WebP. From a truncated file, what is present is returned.
pub fn read(source: &mut impl Source) -> Result<Chunks, Unread> {
    let size = match source.at(0, 12)? {
        [b'R', b'I', b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P'] => {
            u32::from_le_bytes([*a, *b, *c, *d])
        }
        _ => return Err(Unread::malformed(0, "no WebP")),
    };
    let end = 8 + u64::from(size);
    let mut chunks = Chunks { end, ..Chunks::default() };
    let mut at = 12;
    for _ in 0..MAX_CHUNKS {
        if at >= end {
            break;
        }
        let Some(header) = source.at(at, 8)?.first_chunk::<8>().copied() else { break };
        let [name @ .., a, b, c, d] = header;
        let len = u64::from(u32::from_le_bytes([a, b, c, d]));
        let content = at + 8..at + 8 + len;
        chunks.add(source, &name, content.clone())?;
        // Chunks of odd length are padded with one byte.
        at = content.end + len % 2;
    }
    // Some programs omit the last padding byte.
    chunks.is_whole = (at == end || at == end + 1) && source.size() >= end;
    if !chunks.is_whole {
        chunks
            .layout
            .faults
            .push(Malformed::at_byte(at as usize, "chunks do not end where the file says"));
    }
    Ok(chunks)
}

impl Chunks {
    fn add(
        &mut self,
        source: &mut impl Source,
        name: &[u8; 4],
        content: Range<u64>,
    ) -> std::io::Result<()> {
        let start = source.at(content.start, (content.end - content.start).min(16) as usize)?;
        let whole = content.start - 8..content.end + (content.end - content.start) % 2;
        match name {
            b"VP8X" => {
                self.flags = start.first().copied();
                self.layout.size = start.get(4..10).map(canvas);
            }
            b"VP8 " if self.layout.size.is_none() => self.layout.size = lossy_size(start),
            b"VP8L" if self.layout.size.is_none() => {
                self.layout.size = lossless_size(start);
                self.has_alpha = start.get(4).is_some_and(|byte| byte & 0x10 != 0);
            }
            b"EXIF" if self.exif.is_none() => {
                // Some programs include the prefix used in JPEG.
                let skipped = if start.starts_with(b"Exif\0\0") { 6 } else { 0 };
                self.layout.exif = Some(content.start + skipped..content.end);
                self.exif = Some(whole);
            }
            b"XMP " if self.xmp.is_none() => {
                self.layout.xmp = Some(content);
                self.xmp = Some(whole);
            }
            _ => {}
        }
        Ok(())
    }

    /// The splices for a new EXIF block and a new XMP packet, each only if given: in place of the old one, or
    /// after the pixels.
    ///
    /// # Errors
    /// A truncated file, or one whose size is unknown: not changed.
    pub fn splices(&self, exif: Option<&[u8]>, xmp: Option<&[u8]>) -> Result<Vec<Splice>, Unread> {
        if !self.is_whole {
            return Err(Unread::malformed(self.end, "a WebP that is not whole is not changed"));
        }
        let mut splices = Vec::new();
        let added = flag(exif, HAS_EXIF) | flag(xmp, HAS_XMP);
        match self.flags {
            Some(flags) => splices.push(Splice { old: 20..21, new: vec![flags | added] }),
            None => splices.push(Splice { old: 12..12, new: self.extended(added)? }),
        }
        let behind = self.xmp.as_ref().map_or(self.end, |xmp| xmp.start);
        for (name, content, old, at) in
            [(b"EXIF", exif, &self.exif, behind), (b"XMP ", xmp, &self.xmp, self.end)]
        {
            let Some(content) = content else { continue };
            let old = old.clone().unwrap_or(at..at);
            // The padding of the last chunk may be missing, see above.
            let old = old.start..old.end.min(self.end);
            splices.push(Splice { old, new: chunk(name, content) });
        }
        splices.sort_by_key(|splice| (splice.old.start, splice.old.end));
        let growth: i64 = splices.iter().map(Splice::growth).sum();
        let size = u32::try_from(self.end as i64 - 8 + growth)
            .map_err(|_| Unread::malformed(self.end, "WebP would be longer than 4 GB"))?;
        splices.insert(0, Splice { old: 4..8, new: size.to_le_bytes().to_vec() });
        Ok(splices)
    }

    /// A VP8X chunk for a file without one.
    fn extended(&self, added: u8) -> Result<Vec<u8>, Unread> {
        let (width, height) = self
            .layout
            .size
            .ok_or_else(|| Unread::malformed(12, "size of the picture cannot be read"))?;
        let flags = added | if self.has_alpha { HAS_ALPHA } else { 0 };
        let side = |side: u32| side.saturating_sub(1).to_le_bytes();
        let content = [&[flags, 0, 0, 0][..], &side(width)[..3], &side(height)[..3]].concat();
        Ok(chunk(b"VP8X", &content))
    }
}

fn flag(content: Option<&[u8]>, flag: u8) -> u8 {
    if content.is_some() { flag } else { 0 }
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let len = (content.len() as u32).to_le_bytes();
    let padding = &[0][..content.len() % 2];
    [&name[..], &len, content, padding].concat()
}

#[cfg(test)]
pub(crate) fn sample() -> Vec<u8> {
    let pixels = chunk(b"VP8 ", b"\x30\x01\0\x9D\x01\x2A\x40\x01\xF0\0pixels!");
    let size = (4 + pixels.len() as u32).to_le_bytes();
    [b"RIFF", &size[..], b"WEBP", &pixels].concat()
}

#[cfg(test)]
mod tests;
