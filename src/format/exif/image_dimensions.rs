//! The pixel dimensions of a TIFF or RAW file, from its directories.

use std::io;

use super::Dir;
use super::tags::{self, Tag};
use super::tree::{IfdEntry, Tree};
use crate::format::source::Source;

/// The magic number of Panasonic's RAW, where TIFF has 42.
const PANASONIC: u8 = 0x55;

/// Width and height.
type Size = Option<(u32, u32)>;

/// The size of the largest picture in the file, because the first one in a RAW file is often a preview. Makers
/// who store the full size elsewhere are handled separately.
pub fn read(source: &mut impl Source, tree: &Tree) -> io::Result<Size> {
    let start = source.at(0, 10)?.to_vec();
    let mut sizes = Vec::new();
    if start.get(2) == Some(&PANASONIC) {
        sizes.push(between_borders(source, tree)?);
    }
    // The marker of Canon's CR2.
    if start.get(8..) == Some(b"CR") {
        let [width, height] =
            [tags::PIXEL_X_DIMENSION, tags::PIXEL_Y_DIMENSION].map(|tag| tree.entry(tag));
        sizes.push(sides(source, tree, [width, height])?);
    }
    for directory in tree.directories.iter().filter(|d| matches!(d.dir, Dir::Main | Dir::Sub)) {
        let entry = |tag: Tag| directory.entries.iter().find(|entry| entry.tag == tag.number);
        let [width, height] =
            [tags::IMAGE_WIDTH, tags::IMAGE_LENGTH].map(|tag| entry(tag).copied());
        sizes.push(sides(source, tree, [width, height])?);
    }
    let area = |&(width, height): &(u32, u32)| u64::from(width) * u64::from(height);
    Ok(sizes.into_iter().flatten().max_by_key(area))
}

/// The part of the sensor that forms the picture.
fn between_borders(source: &mut impl Source, tree: &Tree) -> io::Result<Size> {
    let border = |number| tree.entry(Tag { dir: Dir::Main, number, name: "SensorBorder" });
    let start = sides(source, tree, [border(5), border(4)])?;
    let end = sides(source, tree, [border(7), border(6)])?;
    Ok(start.zip(end).and_then(|((left, top), (right, bottom))| {
        right.checked_sub(left).zip(bottom.checked_sub(top))
    }))
}

fn sides(
    source: &mut impl Source,
    tree: &Tree,
    entries: [Option<IfdEntry>; 2],
) -> io::Result<Size> {
    let [Some(width), Some(height)] = entries else { return Ok(None) };
    let mut side = |entry| io::Result::Ok(tree.raw(source, entry)?.and_then(|raw| raw.uint(0)));
    Ok(side(&width)?.zip(side(&height)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::exif::tree;

    /// A file with one directory of two-byte numbers.
    fn size(mark: u8, head: &[u8], entries: &[(u16, u16)]) -> Size {
        let first = 8 + head.len() as u32;
        let mut file = [&[b'I', b'I', mark, 0], &first.to_le_bytes()[..], head].concat();
        file.extend((entries.len() as u16).to_le_bytes());
        for (tag, number) in entries {
            file.extend(
                [tag.to_le_bytes(), [3, 0], [1, 0], [0, 0], number.to_le_bytes(), [0, 0]].concat(),
            );
        }
        file.extend([0; 4]);
        let tree = tree::read(&mut &file[..]).unwrap();
        read(&mut &file[..], &tree).unwrap()
    }

    #[test]
    fn each_maker_s_full_picture_is_found() {
        assert_eq!(size(42, b"", &[(0x100, 320), (0x101, 240)]), Some((320, 240)));
        let borders = [(4, 10), (5, 20), (6, 250), (7, 340)];
        assert_eq!(size(PANASONIC, b"", &borders), Some((320, 240)));
        assert_eq!(size(PANASONIC, b"", &[(4, 10), (5, 20), (6, 5), (7, 340)]), None);
        assert_eq!(size(42, b"CR\x02\0", &[(0x100, 160), (0x101, 120)]), Some((160, 120)));
    }
}
