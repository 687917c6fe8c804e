//! PMTiles, version 3: vector tiles of a whole map in one file that is read by ranges.
//!
//! Write only. The specification: <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>.

use std::io::{self, Seek, SeekFrom, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::value::tile::Tile;

/// Section 3: the header is followed by the root directory, both in the first 16 KiB.
const HEADER: u64 = 127;
const ROOT_END: u64 = 16 * 1024;

/// The location of a tile, from the start of the tile data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    id: u64,
    offset: u64,
    length: u32,
}

/// Writes tiles in any order, and the directories at the end.
#[derive(Debug)]
pub struct Writer<W> {
    into: W,
    written: u64,
    entries: Vec<Entry>,
}

/// The description of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    pub min_zoom: u8,
    pub max_zoom: u8,
    /// West, south, east, north.
    pub bounds_deg: [f64; 4],
    /// JSON: names, layers, attribution.
    pub metadata: String,
}

impl<W: Write + Seek> Writer<W> {
    /// Leaves space for the header and the root directory.
    pub fn new(mut into: W) -> io::Result<Writer<W>> {
        into.write_all(&[0; ROOT_END as usize])?;
        Ok(Writer { into, written: 0, entries: Vec::new() })
    }

    /// Adds a compressed tile. Each may be added only once.
    pub fn add(&mut self, tile: Tile, bytes: &[u8]) -> io::Result<()> {
        let packed = gzip(bytes)?;
        self.into.write_all(&packed)?;
        let length = u32::try_from(packed.len()).map_err(io::Error::other)?;
        self.entries.push(Entry { id: tile_id(tile), offset: self.written, length });
        self.written += u64::from(length);
        Ok(())
    }

    /// Writes the directories and the header; returns the number of tiles.
    pub fn finish(mut self, about: &About) -> io::Result<u64> {
        self.entries.sort_unstable_by_key(|entry| entry.id);
        let count = self.entries.len() as u64;
        let (root, leaves) = directories(&self.entries)?;
        let metadata = gzip(about.metadata.as_bytes())?;
        let metadata_at = ROOT_END + self.written;
        let leaves_at = metadata_at + metadata.len() as u64;
        self.into.write_all(&metadata)?;
        self.into.write_all(&leaves)?;
        let mut head = b"PMTiles\x03".to_vec();
        for number in [
            HEADER,
            root.len() as u64,
            metadata_at,
            metadata.len() as u64,
            leaves_at,
            leaves.len() as u64,
            ROOT_END,
            self.written,
            count,
            count,
            count,
        ] {
            head.extend(number.to_le_bytes());
        }
        // Not clustered; directories and tiles are gzip; tiles are vector tiles.
        head.extend([0, 2, 2, 1, about.min_zoom, about.max_zoom]);
        let [west, south, east, north] = about.bounds_deg;
        let e7 = |deg: f64| ((deg * 1e7).round() as i32).to_le_bytes();
        head.extend([west, south, east, north].into_iter().flat_map(e7));
        head.push(about.min_zoom);
        head.extend([(west + east) / 2.0, (south + north) / 2.0].into_iter().flat_map(e7));
        self.into.seek(SeekFrom::Start(0))?;
        self.into.write_all(&head)?;
        self.into.write_all(&root)?;
        Ok(count)
    }
}

/// The root directory, and leaf directories if one directory would be too long.
fn directories(entries: &[Entry]) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let room = (ROOT_END - HEADER) as usize;
    let root = directory(entries, 1)?;
    if root.len() <= room {
        return Ok((root, Vec::new()));
    }
    let mut size = 4096;
    loop {
        let (mut leaves, mut above) = (Vec::new(), Vec::new());
        for part in entries.chunks(size) {
            let leaf = directory(part, 1)?;
            let length = u32::try_from(leaf.len()).map_err(io::Error::other)?;
            above.push(Entry { id: part[0].id, offset: leaves.len() as u64, length });
            leaves.extend(leaf);
        }
        // Section 4: a run length of 0 marks a leaf.
        let root = directory(&above, 0)?;
        if root.len() <= room {
            return Ok((root, leaves));
        }
        size *= 2;
    }
}

/// Section 4.2: id differences, run lengths, lengths and offsets, as columns.
fn directory(entries: &[Entry], run: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    varint(entries.len() as u64, &mut out);
    let mut before = 0;
    for entry in entries {
        varint(entry.id - before, &mut out);
        before = entry.id;
    }
    entries.iter().for_each(|_| varint(run, &mut out));
    entries.iter().for_each(|entry| varint(entry.length.into(), &mut out));
    entries.iter().for_each(|entry| varint(entry.offset + 1, &mut out));
    gzip(&out)
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Compressed as small as possible, because it is written once and read often.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Section 4.1: tiles of lower zooms first, within a zoom along a Hilbert curve.
fn tile_id(tile: Tile) -> u64 {
    let below: u64 = (0..tile.z()).map(|z| 1u64 << (2 * z)).sum();
    let (mut x, mut y) = (u64::from(tile.x()), u64::from(tile.y()));
    let mut place = 0;
    let mut side = (1u64 << tile.z()) >> 1;
    while side > 0 {
        let (right, low) = (u64::from(x & side > 0), u64::from(y & side > 0));
        place += side * side * ((3 * right) ^ low);
        if low == 0 {
            if right == 1 {
                x = side.wrapping_sub(1).wrapping_sub(x);
                y = side.wrapping_sub(1).wrapping_sub(y);
            }
            (x, y) = (y, x);
        }
        side >>= 1;
    }
    below + place
}

#[cfg(test)]
mod tests;
