//! Sets and removes tags of an EXIF block. Everything else stays bit for bit at its offset.
//!
//! Maker notes, thumbnails and the data of other programs contain absolute offsets into the block, so nothing
//! in it may move. A value is changed in place if it fits and nothing else overlaps it. Otherwise it is
//! written, like a directory that grows, to an area that this tool appends to the block. A marker ends the
//! area; the next run recognizes it and lays the area out again, so that a file does not grow with each run.
//! Space inside the block is used only if the block would otherwise be too long for its segment: see
//! `dead_space`.

mod draft;
mod required_tags;

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

/// The new block, or `None` if the block already has these values. `size` is the pixel dimensions of a JPEG: new
/// directories of its block get the tags that the standard requires.
///
/// # Errors
/// A block whose directories cannot be read completely is not changed; neither is one that would grow beyond `limit`
/// bytes.
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
