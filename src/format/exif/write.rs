//! Sets and removes tags of an EXIF block; whatever is not being set stays bit for bit, at its place.
//!
//! Maker notes, thumbnails and other programs' data hold absolute places in the
//! block, so nothing in it may move. A value is changed at its place where it
//! fits and nothing else lies there; otherwise it goes, like a directory that
//! grows, into an area of ours at the end of the block. The area closes with a
//! mark, by which the next run knows it and lays it out anew: a file does not
//! grow with each run. Only where the block would then be too long for its
//! segment, room inside it is used: see `room`.

mod draft;

use draft::Draft;

use super::tags::Tag;
use super::value::Value;
use crate::format::Malformed;

/// Set a tag, or remove it where the value is `None`. Only tags of IFD0, the
/// Exif and the GPS directory can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub tag: Tag,
    pub value: Option<Value>,
}

/// The new block, or `None` when the block says so already. `size` is that of
/// a JPEG's pixels: new directories of its block have what the standard
/// demands of them.
///
/// # Errors
/// A block whose directories cannot be read whole is not touched; neither is
/// one that would grow beyond `limit` bytes.
pub fn edit(
    block: Option<&[u8]>,
    edits: &[Edit],
    limit: usize,
    size: Option<(u32, u32)>,
) -> Result<Option<Vec<u8>>, Malformed> {
    let Some(draft) = Draft::with(block, edits, size)? else { return Ok(None) };
    let mut new = draft.lay_out(false);
    if new.len() > limit
        && let Some(draft) = Draft::with(block, edits, size)?
    {
        new = draft.lay_out(true);
    }
    if new.len() <= limit {
        Ok(Some(new))
    } else {
        Err(Malformed::at_byte(
            limit,
            format!("EXIF would have {} bytes, at most {limit} fit", new.len()),
        ))
    }
}

#[cfg(test)]
mod tests;
