//! The thumbnail JPEG in the EXIF (Exif 2.32, 4.5.1: in the first directory after the main one).

use crate::format::source::{Source, Unread};

use super::{Dir, tree};

/// JPEGInterchangeFormat and JPEGInterchangeFormatLength (Exif 2.32, 4.6.4).
const PLACE: u16 = 0x0201;
const LENGTH: u16 = 0x0202;

/// The maximum length: EXIF in a JPEG has at most 64 KB, and thumbnails in other files are no larger.
const MAX_LEN: u32 = 64 << 10;

/// The thumbnail, if it is present and a complete JPEG.
///
/// # Errors
/// A source that cannot be read, or that is not EXIF.
pub fn read(source: &mut impl Source) -> Result<Option<Vec<u8>>, Unread> {
    let tree = tree::read(source)?;
    let mut number = |tag| -> Result<Option<u32>, Unread> {
        let entries = tree.directory(Dir::Thumbnail).map(|directory| &directory.entries);
        let entry = entries.and_then(|entries| entries.iter().find(|entry| entry.tag == tag));
        let Some(entry) = entry else { return Ok(None) };
        Ok(tree.raw(source, entry)?.and_then(|raw| raw.uint(0)))
    };
    let (Some(at), Some(len)) = (number(PLACE)?, number(LENGTH)?) else { return Ok(None) };
    if len > MAX_LEN {
        return Ok(None);
    }
    let bytes = source.at(u64::from(at), len as usize)?;
    let whole = bytes.len() == len as usize && bytes.starts_with(&[0xFF, 0xD8]);
    Ok(whole.then(|| bytes.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::exif::byte_order::ByteOrder;
    use crate::format::exif::sample::{THUMBNAIL, camera};

    #[test]
    fn the_thumbnail_is_found_in_either_byte_order() {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let (block, _) = camera(order);
            assert_eq!(read(&mut block.as_slice()).unwrap().as_deref(), Some(THUMBNAIL));
        }
    }

    #[test]
    fn a_block_cut_anywhere_gives_the_whole_thumbnail_or_none() {
        let (block, _) = camera(ByteOrder::Little);
        for end in 0..block.len() {
            if let Ok(Some(found)) = read(&mut &block[..end]) {
                assert_eq!(found, THUMBNAIL);
            }
        }
    }

    #[test]
    fn mutated_blocks_do_no_harm() {
        let (block, _) = camera(ByteOrder::Big);
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..5_000 {
            let mut bytes = block.clone();
            for _ in 0..random.usize(1..5) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            if let Ok(Some(found)) = read(&mut bytes.as_slice()) {
                assert!(found.len() <= block.len());
            }
        }
    }
}
