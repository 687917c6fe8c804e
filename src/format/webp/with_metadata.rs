//! Adds metadata to a file that an encoder has just made.

use super::{HAS_EXIF, HAS_ICC, HAS_XMP, chunk, flag, read};
use crate::format::source::Unread;

/// The metadata of a picture, without its pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    pub icc: Option<Vec<u8>>,
    pub exif: Option<Vec<u8>>,
    pub xmp: Option<Vec<u8>>,
}

/// Adds metadata to an encoder's file that has only pixels, in the order that RFC 9649, section 2.7, requires.
///
/// # Errors
/// A file that is not such a WebP.
pub fn with_metadata(encoded: &[u8], metadata: &Metadata) -> Result<Vec<u8>, Unread> {
    let Metadata { icc, exif, xmp } = metadata;
    let (icc, exif, xmp) = (icc.as_deref(), exif.as_deref(), xmp.as_deref());
    if icc.or(exif).or(xmp).is_none() {
        return Ok(encoded.to_vec());
    }
    let chunks = read(&mut &encoded[..])?;
    if !chunks.is_whole || chunks.flags.is_some() {
        return Err(Unread::malformed(12, "no WebP of pixels alone"));
    }
    let flags = flag(icc, HAS_ICC) | flag(exif, HAS_EXIF) | flag(xmp, HAS_XMP);
    let optional = |name, content: Option<&[u8]>| content.map(|content| chunk(name, content));
    let parts = [
        Some(chunks.extended(flags)?),
        optional(b"ICCP", icc),
        Some(encoded[12..chunks.end as usize].to_vec()),
        optional(b"EXIF", exif),
        optional(b"XMP ", xmp),
    ];
    let body = parts.into_iter().flatten().collect::<Vec<_>>().concat();
    let size = u32::try_from(body.len() + 4)
        .map_err(|_| Unread::malformed(chunks.end, "WebP would be longer than 4 GB"))?;
    Ok([b"RIFF", &size.to_le_bytes()[..], b"WEBP", &body].concat())
}
