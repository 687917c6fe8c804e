//! Compares the header before a member with its index, which may be older than the tar: then its offsets lead to other
//! pictures.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::archive::Error;
use crate::archive::packed::each_member;
use crate::archive::packed::headers::name_from;
use crate::disk::positioned_io::read_at;
use crate::format::tar;

/// Records of a long name take a few blocks before the header, with times and attributes some more.
const MAX_BLOCKS: u64 = 64;

/// Whether an index is right that a member of this name has this offset and this many bytes. Bytes with several names are
/// stored under the first one, which is in the index, too.
///
/// # Errors
/// Of reading the tar or its index.
pub fn is_at(
    file: &File,
    tar: &Path,
    name: &str,
    (offset, bytes): (u64, u64),
) -> Result<bool, Error> {
    // Nearly always the header right before the bytes has the whole name.
    let block = block_at(file, offset.checked_sub(tar::BLOCK))?;
    let own = block.as_ref().and_then(tar::file_header);
    if own.is_some_and(|(own, size)| own == name.as_bytes() && size == bytes) {
        return Ok(true);
    }
    let names = names_at(file, (offset, bytes))?;
    if names.iter().any(|other| other == name) {
        return Ok(true);
    }
    let (mut is_there, mut is_first_there) = (false, false);
    each_member(tar, |other| {
        let is_here = other.offset == offset;
        is_there |= is_here && other.name == name;
        is_first_there |= is_here && names.contains(&other.name);
    })?;
    Ok(is_there && is_first_there)
}

/// The names that the headers before a body can give it, the one right before it alone or with records before that.
fn names_at(file: &File, place: (u64, u64)) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for before in 1..=MAX_BLOCKS {
        let Some(at) = place.0.checked_sub(before * tar::BLOCK) else { break };
        let is_start = |block| before == 1 || tar::is_record(&block);
        if block_at(file, Some(at))?.is_some_and(is_start) {
            names.extend(name_from(file, at, place)?);
        }
    }
    Ok(names)
}

type Block = [u8; tar::BLOCK as usize];

/// The block at an offset, if there is a whole one.
fn block_at(file: &File, at: Option<u64>) -> io::Result<Option<Block>> {
    let (Some(at), mut block) = (at, [0; tar::BLOCK as usize]) else { return Ok(None) };
    Ok((read_at(file, &mut block, at)? == block.len()).then_some(block))
}

#[cfg(test)]
mod tests;
