//! PNG files, read only: size, EXIF and XMP from their chunks (PNG third edition, section 11).

use super::{
    Malformed,
    metadata_container::Layout,
    source::{Source, Unread, exactly},
};

pub const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1A\n";

/// The keyword of the text chunk with XMP, uncompressed (XMP part 3, 1.1.5).
const XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0";

/// The maximum number of chunks. Pixels are in chunks of 8 KB or more, so this is enough for 800 MB.
const MAX_CHUNKS: usize = 100_000;

/// Walks the chunks and reads only their headers.
pub fn read(source: &mut impl Source) -> Result<Layout, Unread> {
    if source.at(0, 8)? != SIGNATURE {
        return Err(Unread::malformed(0, "no PNG"));
    }
    let mut layout = Layout::default();
    let mut at = 8;
    for _ in 0..MAX_CHUNKS {
        let header = match exactly(source, at, 8, "PNG") {
            Ok(&[a, b, c, d, ref name @ ..]) => (u32::from_be_bytes([a, b, c, d]), name.to_vec()),
            Ok(_) => break,
            Err(error) => {
                layout.faults.push(error.into_malformed()?);
                break;
            }
        };
        let (len, name) = (u64::from(header.0), header.1);
        let content = at + 8..at + 8 + len;
        match &name[..] {
            b"IEND" => break,
            b"IHDR" => {
                if let [a, b, c, d, e, f, g, h] = *source.at(content.start, 8)? {
                    let side = u32::from_be_bytes;
                    layout.size = Some((side([a, b, c, d]), side([e, f, g, h])));
                }
            }
            b"eXIf" => layout.exif = Some(content.clone()),
            b"iTXt" if layout.xmp.is_none() => match xmp_start(source.at(content.start, 256)?) {
                Some(skipped) if skipped < len => {
                    layout.xmp = Some(content.start + skipped..content.end);
                }
                _ => {}
            },
            b"zTXt" | b"tEXt" if is_old_exif(source.at(content.start, 22)?) => {
                let what = "EXIF in a text chunk, as old programs wrote it, is not read";
                layout.faults.push(Malformed::at_byte(at as usize, what));
            }
            _ => {}
        }
        // A checksum of four bytes follows.
        at = content.end + 4;
    }
    if layout.size.is_none() {
        layout.faults.push(Malformed::at_byte(8, "PNG without a size"));
    }
    Ok(layout)
}

/// The format in which ImageMagick stored EXIF before PNG had a chunk for it.
fn is_old_exif(start: &[u8]) -> bool {
    matches!(start, b"Raw profile type exif\0" | b"Raw profile type APP1\0")
}

/// The keyword is followed by the compression and two more texts, a language and a translation, both usually
/// empty.
fn xmp_start(start: &[u8]) -> Option<u64> {
    let rest = start.strip_prefix(XMP)?;
    let mut ends = rest.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at);
    let (_, translation) = (ends.next()?, ends.next()?);
    Some((XMP.len() + translation + 1) as u64)
}

#[cfg(test)]
mod tests;
